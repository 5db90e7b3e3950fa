package io.catga.nats;

import static io.catga.nats.TestInbound.message;
import static io.catga.nats.TestInbound.reacting;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.catga.CatgaError;
import io.catga.CatgaException;
import io.catga.ErrorCode;
import io.catga.transport.DeadLetters;
import io.catga.transport.Delivery;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What events over NATS do beyond the kit: when connections, streams and time are lost. */
class NatsEventTest {

    private static final Duration AT_ONCE = Duration.ofSeconds(3);
    private static final Duration SOON = Duration.ofSeconds(10);

    private final NatsTestServer server = NatsTestServer.shared();
    private final NatsOptions system = NatsTestServer.newSystem(List.of(server.url()));
    private final CuttableProxy proxy = new CuttableProxy(server);
    private final NatsOptions throughProxy = system.withServers(List.of(proxy.url()));
    private final List<NatsPeer> peers = new ArrayList<>();
    private final Queue<String> seen = new ConcurrentLinkedQueue<>();

    @AfterEach
    void leave() throws Exception {
        for (NatsPeer peer : peers) {
            peer.leave();
        }
        proxy.close();
    }

    private NatsPeer join(NatsOptions options) {
        NatsPeer peer = NatsPeer.join(options);
        peers.add(peer);
        return peer;
    }

    private TestInbound noting() {
        return reacting((text, _) -> {
            seen.add(text);
            return new Delivery.Handled();
        });
    }

    private void awaitSeen(String... texts) {
        await().atMost(SOON).untilAsserted(() -> assertThat(seen).containsExactly(texts));
    }

    private void publish(NatsPeer from, String text) {
        assertThat(from.events().publish(message(text, text))).succeedsWithin(SOON);
    }

    /** It has taken an event, "before". */
    private NatsPeer receivingThroughProxy(NatsPeer publisher) {
        proxy.open();
        NatsPeer consumer = join(throughProxy);
        consumer.receive(noting());
        publish(publisher, "before");
        awaitSeen("before");
        return consumer;
    }

    @Test
    void bringsTheStreamsToWhatTheOptionsSay() throws Exception {
        join(system);
        NatsEventOptions.Retention longer =
                system.events().retention().withMaxAge(Duration.ofDays(8)).withDeadLetterMaxAge(Duration.ofDays(31));
        join(system.withEvents(system.events().withRetention(longer)));

        List<Duration> ages = server.ask(connection -> {
            var management = connection.jetStreamManagement();
            return List.of(
                    management
                            .getStreamInfo(system.events().stream())
                            .getConfiguration()
                            .getMaxAge(),
                    management
                            .getStreamInfo(system.events().deadLetterStream())
                            .getConfiguration()
                            .getMaxAge());
        });
        assertThat(ages).containsExactly(Duration.ofDays(8), Duration.ofDays(31));
    }

    @Test
    void goesOnReceivingAfterItsConnectionBroke() {
        NatsPeer publisher = join(system);
        NatsPeer consumer = receivingThroughProxy(publisher);

        proxy.shut();
        publish(publisher, "meanwhile");
        await().atMost(SOON).until(() -> !consumer.isReceiving());
        proxy.open();
        publish(publisher, "after");

        await().atMost(SOON).untilAsserted(() -> assertThat(seen).contains("meanwhile", "after"));
    }

    /** The connection broke under a question, which nobody answers any more; the client waits five seconds for it. */
    @Test
    void goesOnReceivingWhileItWaitsForAnAnswerThatIsLost() {
        NatsPeer publisher = join(system);
        receivingThroughProxy(publisher);

        proxy.cutAt("$JS.API.CONSUMER.INFO.");
        await().atMost(SOON).until(proxy::hasCut);
        publish(publisher, "after");

        await().atMost(Duration.ofSeconds(4))
                .untilAsserted(() -> assertThat(seen).contains("after"));
    }

    /** The client's own consumer drops what is in its queue when it stops: that comes again after the acknowledgement's time. */
    @Test
    void aReceiverThatStopsInTheMiddleOfAStreamOfEventsLeavesNone() throws Exception {
        NatsPeer publisher = join(system);
        Queue<Integer> laterAttempts = new ConcurrentLinkedQueue<>();
        TestInbound inbound = reacting((text, attempt) -> {
            seen.add(text);
            if (attempt > 1) {
                laterAttempts.add(attempt);
            }
            return new Delivery.Handled();
        });
        AtomicBoolean enough = new AtomicBoolean();
        CompletableFuture<Integer> published = CompletableFuture.supplyAsync(() -> {
            int count = 0;
            while (!enough.get()) {
                publish(publisher, "event-" + count);
                count++;
            }
            return count;
        });

        for (int restarts = 0; restarts < 8; restarts++) {
            int before = seen.size();
            NatsPeer consumer = NatsPeer.join(system);
            consumer.receive(inbound);
            await().atMost(SOON).until(() -> seen.size() > before + 100);
            consumer.leave();
        }
        enough.set(true);
        int all = published.join();
        join(system).receive(inbound);

        await().atMost(Duration.ofSeconds(20)).until(() -> seen.size() >= all);
        assertThat(laterAttempts).isEmpty();
        assertThat(seen).doesNotHaveDuplicates().hasSize(all);
    }

    @Test
    void makesStreamsAndConsumerAgainWhenTheyAreDeleted() throws Exception {
        NatsPeer peer = join(system);
        peer.receive(noting());
        publish(peer, "before");
        awaitSeen("before");

        server.ask(connection -> connection.jetStreamManagement().deleteStream(system.events().stream()));

        await().atMost(SOON)
                .untilAsserted(() -> assertThat(peer.events().publish(message("after", "after")))
                        .succeedsWithin(SOON));
        awaitSeen("before", "after");
    }

    @Test
    void tellsHowLateAnEventWasWhenItWasHandledAndOnlyThen() {
        NatsPeer peer = join(system);
        Queue<Duration> lags = new ConcurrentLinkedQueue<>();
        Duration work = Duration.ofMillis(200);
        peer.receive(reacting((text, _) -> {
            TestInbound.work(work);
            seen.add(text);
            return text.equals("good")
                    ? new Delivery.Handled()
                    : new Delivery.GivenUp(CatgaError.of(ErrorCode.INTERNAL, "?"));
        }));
        peer.eventReceiver().onHandled(lags::add);

        publish(peer, "bad");
        awaitSeen("bad");
        publish(peer, "good");

        await().atMost(SOON)
                .untilAsserted(() -> assertThat(lags)
                        .singleElement(InstanceOfAssertFactories.DURATION)
                        .isBetween(work.dividedBy(2), SOON));
    }

    @Test
    void countsTheDeliveriesThatWereNotTheFirst() {
        NatsPeer peer = join(system);
        peer.receive(reacting((text, attempt) -> {
            seen.add(text + attempt);
            return attempt < 3 ? new Delivery.Again() : new Delivery.Handled();
        }));

        publish(peer, "a");

        awaitSeen("a1", "a2", "a3");
        assertThat(peer.eventReceiver().redelivered()).isEqualTo(2);
    }

    @Test
    void saysWhatItHasInHandAndWhatTheServerHasForIt() {
        CountDownLatch end = new CountDownLatch(1);
        proxy.open();
        NatsPeer peer = join(throughProxy.withEvents(system.events().withPrefetch(2, 4)));
        peer.receive(reacting((_, _) -> {
            await().until(() -> end.getCount() == 0);
            return new Delivery.Handled();
        }));
        NatsEventReceiver receiver = peer.eventReceiver();
        for (int i = 0; i < 10; i++) {
            publish(peer, "e" + i);
        }

        await().atMost(SOON).untilAsserted(() -> {
            assertThat(receiver.inFlight()).isPositive();
            assertThat(receiver.ackPending()).hasValue(receiver.inFlight());
            assertThat(receiver.pending()).hasValue(10 - receiver.inFlight());
        });
        proxy.shut();
        await().atMost(SOON).until(() -> receiver.pending().isEmpty());
        end.countDown();
        proxy.open();

        await().atMost(SOON).untilAsserted(() -> {
            assertThat(receiver.inFlight()).isZero();
            assertThat(receiver.pending()).hasValue(0);
            assertThat(receiver.ackPending()).hasValue(0);
        });
    }

    @Test
    void keepsWhatIsNotOneOfCatgasAsADeadLetter() throws Exception {
        NatsPeer peer = join(system);
        peer.receive(noting());

        server.ask(stranger -> stranger.jetStream().publish(system.eventSubject(TestInbound.TYPE), new byte[] {1, 2}));

        DeadLetters letters = new NatsDeadLetters(peer.link());
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(letters.find("1")).hasValueSatisfying(letter -> {
                    assertThat(letter.event().payload()).containsExactly(1, 2);
                    assertThat(letter.code()).isEqualTo(ErrorCode.UNREADABLE);
                    assertThat(letter.cause()).contains(WireHeaders.MESSAGE_ID);
                    assertThat(letter.attempts()).isEqualTo(1);
                }));
        assertThat(seen).isEmpty();
    }

    @Test
    void saysUnavailableAtOnceWhereThereIsNoConnectionToPublishOver() {
        NatsPeer publisher = NatsPeer.begin(throughProxy);
        peers.add(publisher);

        assertThat(publisher.events().publish(message("id-1", "hello")))
                .failsWithin(AT_ONCE)
                .withThrowableThat()
                .havingCause()
                .isInstanceOfSatisfying(
                        CatgaException.class, e -> assertThat(e.error().code()).isEqualTo(ErrorCode.UNAVAILABLE));
    }

    @Test
    void saysUnreadableAtOnceForAnEventThatIsTooLarge() {
        assertThat(join(system).events().publish(message("id-1", "x".repeat(1 << 20))))
                .failsWithin(AT_ONCE)
                .withThrowableThat()
                .havingCause()
                .isInstanceOfSatisfying(
                        CatgaException.class, e -> assertThat(e.error().code()).isEqualTo(ErrorCode.UNREADABLE));
    }

    @Test
    void deliversAnEventOnceWhoseHandlingTakesLongerThanTheServerWaits() {
        Duration wait = Duration.ofMillis(300);
        NatsPeer peer = join(system.withEvents(system.events()
                .withRedelivery(NatsEventOptions.Redelivery.defaults().withAckWait(wait))));
        peer.receive(reacting((text, attempt) -> {
            seen.add(text + " " + attempt);
            TestInbound.work(wait.multipliedBy(3));
            seen.add("done");
            return new Delivery.Handled();
        }));

        publish(peer, "attempt");

        awaitSeen("attempt 1", "done");
    }

    /** Each event has a thread; the one that was scheduled first went first, whichever event it had. */
    @Test
    void beginsWithTheEventThatCameFirstWhicheverThreadIsFirst() throws Exception {
        NatsPeer peer = join(system);
        Deque<Runnable> threads = new ConcurrentLinkedDeque<>();
        NatsEventReceiver receiver = new NatsEventReceiver(
                peer.link(),
                noting(),
                Clock.systemUTC(),
                new Random(),
                peer.link().scheduler(),
                threads::addFirst);
        receiver.start();
        publish(peer, "a");
        publish(peer, "b");
        publish(peer, "c");
        await().atMost(SOON).until(() -> threads.size() == 3);

        threads.forEach(Runnable::run);

        assertThat(seen).containsExactly("a", "b", "c");
        receiver.stop(SOON);
    }

    @Test
    void givesBackAtOnceWhatItCannotFinishBeforeItStops() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        NatsPeer first = join(system);
        first.receive(reacting((text, attempt) -> {
            seen.add(text + " " + attempt);
            await().until(() -> end.getCount() == 0);
            return new Delivery.Handled();
        }));
        publish(first, "attempt");
        awaitSeen("attempt 1");

        first.leave(Duration.ofMillis(100));
        join(system).receive(reacting((text, attempt) -> {
            seen.add(text + " " + attempt);
            return new Delivery.Handled();
        }));

        // Without being given back it would come after the wait for an acknowledgement: ten seconds.
        await().atMost(Duration.ofSeconds(5))
                .untilAsserted(() -> assertThat(seen).containsExactly("attempt 1", "attempt 2"));
        end.countDown();
    }

    @Test
    void takesNoEventThatIsTooLargeForADeadLetter() throws Exception {
        NatsPeer peer = join(system);
        peer.receive(reacting((_, _) -> new Delivery.GivenUp(CatgaError.of(ErrorCode.INTERNAL, "?".repeat(1_000)))));

        assertThat(peer.events().publish(message("id-1", "x".repeat((1 << 20) - 1_000))))
                .failsWithin(AT_ONCE);
        assertThat(peer.events().publish(message("id-2", "x".repeat((1 << 20) - 2_300))))
                .succeedsWithin(SOON);

        await().atMost(SOON).untilAsserted(() -> assertThat(letters()).isEqualTo(1));
    }

    private long letters() throws Exception {
        return server.ask(connection -> connection
                .jetStreamManagement()
                .getStreamInfo(system.events().deadLetterStream())
                .getStreamState()
                .getMsgCount());
    }
}
