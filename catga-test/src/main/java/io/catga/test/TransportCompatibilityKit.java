package io.catga.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.catga.ErrorCode;
import io.catga.MessageContext;
import io.catga.MessageMetadata;
import io.catga.MessageOptions;
import io.catga.Result;
import io.catga.Unit;
import io.catga.test.TransportCompatibilityKitMessages.Happened;
import io.catga.test.TransportCompatibilityKitMessages.HappenedHandler;
import io.catga.transport.DeadLetter;
import io.catga.transport.DeadLetters;
import io.catga.transport.DeadLetters.Filter;
import io.catga.transport.WireMessage;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * What every transport must do: {@link io.catga.transport.RequestTransport}, {@link io.catga.transport.EventBus} and
 * the receiving end that hands messages to an {@link io.catga.transport.InboundMessages}. For whoever writes one:
 * extend this class in a test, and JUnit runs what it inherits.
 *
 * <pre>{@code
 * class MyTransportCompatibilityTest extends TransportCompatibilityKit {
 *
 *     private final MySystem system = MyServer.shared().newSystem(); // other subjects and streams than any other test's
 *
 *     protected Peer join(String name, Settings settings) {
 *         return new MyPeer(system, name, settings);
 *     }
 *
 *     protected List<DeadLetter> deadLetters() {
 *         return system.deadLetters();
 *     }
 * }
 * }</pre>
 *
 * <p>JUnit makes an instance of the class for each test, so a field that is not static is the network of one test. Let
 * it be empty: a message that another test left behind fails this one. What a member has open is closed by
 * {@link Peer#leave()}, which the kit calls for each at the end; what the test class itself opens it closes itself.
 *
 * <p>The tests take seconds, and expect answers as soon as they can be there: a failure, a refusal and a broken payload
 * within one second, the news that nobody handles a request within two. They count how often a request is handled, so
 * over a real server let nothing else run beside them ({@code @Isolated}). What happens while a server is down is not
 * tested, because that is different for each; see {@link UnreliableNetwork} for the handlers' part of that.
 */
public abstract class TransportCompatibilityKit extends TransportCompatibilityKitRequests {

    private static HappenedHandler noting(Queue<String> seen) {
        return reacting((event, _) -> {
            seen.add(event.what());
            return Result.done();
        });
    }

    private static HappenedHandler reacting(BiFunction<Happened, MessageContext, Result<Unit>> reaction) {
        return new HappenedHandler(reaction);
    }

    private List<DeadLetter> letters() throws Exception {
        return deadLetters().list(Filter.all(), null, DeadLetters.MAX_PAGE).letters();
    }

    @Test
    void bringsAnEventToEveryConsumer() throws Exception {
        Queue<String> first = new ConcurrentLinkedQueue<>();
        Queue<String> second = new ConcurrentLinkedQueue<>();
        node("first", noting(first));
        node("second", noting(second));
        Node publisher = node("publisher");

        assertThat(publisher.mediator().publish(new Happened("a"))).isEqualTo(Result.done());
        assertThat(publisher.mediator().publish(new Happened("b"))).isEqualTo(Result.done());

        await().atMost(SOON).untilAsserted(() -> {
            assertThat(first).containsExactlyInAnyOrder("a", "b");
            assertThat(second).containsExactlyInAnyOrder("a", "b");
        });
    }

    @Test
    void bringsAConsumerWhatItHasMissed() throws Exception {
        Queue<String> seen = new ConcurrentLinkedQueue<>();
        Node publisher = node("publisher");
        publisher.mediator().publish(new Happened("before"));
        Node consumer = node("consumer", noting(seen));
        await().atMost(SOON).untilAsserted(() -> assertThat(seen).containsExactly("before"));

        leave(consumer);
        publisher.mediator().publish(new Happened("meanwhile"));
        node("consumer", noting(seen));

        await().atMost(SOON).untilAsserted(() -> assertThat(seen).containsExactly("before", "meanwhile"));
    }

    @Test
    void deliversAnEventOnceThatIsPublishedTwice() throws Exception {
        Queue<String> seen = new ConcurrentLinkedQueue<>();
        node("consumer", noting(seen));
        Node publisher = node("publisher");

        for (String id : List.of("id-1", "id-1", "id-2")) {
            byte[] payload = CODEC.encode(new Happened(id));
            assertThat(publisher.peer().events().publish(new WireMessage("kit.happened", id, Map.of(), payload)))
                    .succeedsWithin(SOON);
        }

        await().atMost(SOON).untilAsserted(() -> assertThat(seen).contains("id-2"));
        assertThat(seen).containsExactlyInAnyOrder("id-1", "id-2");
    }

    @Test
    void carriesTheMetadataOfAnEvent() throws Exception {
        AtomicReference<MessageMetadata> seen = new AtomicReference<>();
        node("consumer", reacting((_, context) -> {
            seen.set(context.metadata());
            return Result.done();
        }));

        node("publisher")
                .mediator()
                .publish(new Happened("a"), MessageOptions.defaults().withHeader("traceparent", "00-1-2-01"));

        await().atMost(SOON)
                .untilAsserted(() -> assertThat(seen.get())
                        .isNotNull()
                        .satisfies(
                                metadata -> assertThat(metadata.correlationId()).isEqualTo(metadata.messageId()))
                        .satisfies(metadata ->
                                assertThat(metadata.headers()).containsExactly(Map.entry("traceparent", "00-1-2-01"))));
    }

    @Test
    void saysWhoPublishedAnEventAndWhenTheBusTookIt() throws Exception {
        Queue<String> publishers = new ConcurrentLinkedQueue<>();
        Queue<Instant> times = new ConcurrentLinkedQueue<>();
        node("consumer", reacting((_, context) -> {
            times.add(context.publishedAt().orElseThrow());
            context.sentBy().ifPresent(publishers::add);
            return Result.done();
        }));
        Instant before = Instant.now().truncatedTo(ChronoUnit.MILLIS);

        node("publisher").mediator().publish(new Happened("a"));

        await().atMost(SOON).untilAsserted(() -> assertThat(publishers).containsExactly("publisher"));
        assertThat(times).singleElement().satisfies(time -> assertThat(time).isBetween(before, Instant.now()));
    }

    @Test
    void callsAFailingEventHandlerAgainUntilItSucceeds() throws Exception {
        Queue<Integer> attempts = new ConcurrentLinkedQueue<>();
        node("consumer", reacting((_, context) -> {
            attempts.add(context.attempt());
            return context.attempt() < 3 ? Result.failure(ErrorCode.UNAVAILABLE, "not yet") : Result.done();
        }));

        node("publisher").mediator().publish(new Happened("a"));

        await().atMost(SOON).untilAsserted(() -> assertThat(attempts).containsExactly(1, 2, 3));
        assertThat(letters()).isEmpty();
    }

    @Test
    void keepsADeadLetterAfterTheLastAttempt() throws Exception {
        Queue<Integer> attempts = new ConcurrentLinkedQueue<>();
        Queue<String> others = new ConcurrentLinkedQueue<>();
        node("failing", reacting((_, context) -> {
            attempts.add(context.attempt());
            throw new NoClassDefFoundError("broken");
        }));
        node("working", noting(others));

        node("publisher").mediator().publish(new Happened("a"));

        await().atMost(SOON)
                .untilAsserted(() -> assertThat(letters()).singleElement().satisfies(letter -> {
                    assertThat(letter.consumer()).isEqualTo("failing");
                    assertThat(letter.event().type()).isEqualTo("kit.happened");
                    assertThat(letter.code()).isEqualTo(ErrorCode.INTERNAL);
                    assertThat(letter.attempts()).isEqualTo(3);
                }));
        assertThat(attempts).containsExactly(1, 2, 3);
        await().atMost(SOON).untilAsserted(() -> assertThat(others).containsExactly("a"));
    }

    @Test
    void keepsADeadLetterAtOnceWhereAnotherAttemptCannotEndDifferently() throws Exception {
        List<ErrorCode> hopeless = Stream.of(ErrorCode.values())
                .filter(code -> code.deadLetter() == ErrorCode.DeadLetter.AT_ONCE)
                .toList();
        node("consumer", reacting((event, _) -> Result.failure(ErrorCode.valueOf(event.what()), "hopeless")));
        Node publisher = node("publisher");

        hopeless.forEach(code -> publisher.mediator().publish(new Happened(code.name())));

        await().atMost(SOON).untilAsserted(() -> assertThat(letters()).hasSameSizeAs(hopeless));
        assertThat(letters()).allMatch(letter -> letter.attempts() == 1);
        assertThat(letters()).extracting(DeadLetter::cause).allMatch(cause -> cause.contains("hopeless"));
    }

    @Test
    void finishesTheEventInHandWhenItLeaves() throws Exception {
        Queue<String> seen = new ConcurrentLinkedQueue<>();
        CountDownLatch begun = new CountDownLatch(1);
        Node consumer = node("consumer", reacting((event, _) -> {
            begun.countDown();
            work(Duration.ofMillis(200));
            seen.add(event.what());
            return Result.done();
        }));
        Node publisher = node("publisher");
        publisher.mediator().publish(new Happened("in hand"));
        assertThat(opens(begun, SOON)).isTrue();

        leave(consumer);
        assertThat(seen).containsExactly("in hand");
        publisher.mediator().publish(new Happened("later"));
        node("consumer", noting(seen));

        await().atMost(SOON).untilAsserted(() -> assertThat(seen).containsExactly("in hand", "later"));
    }
}
