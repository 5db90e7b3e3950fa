package io.catga.test;

import static io.catga.test.TransportCompatibilityKitNodes.Settings.DEFAULTS;
import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;

import io.catga.CatgaError;
import io.catga.CatgaError.Violation;
import io.catga.ErrorCode;
import io.catga.MessageContext;
import io.catga.MessageMetadata;
import io.catga.MessageOptions;
import io.catga.Reply;
import io.catga.Result;
import io.catga.codec.MessageCodec;
import io.catga.test.TransportCompatibilityKitMessages.Echo;
import io.catga.test.TransportCompatibilityKitMessages.EchoHandler;
import io.catga.test.TransportCompatibilityKitMessages.Length;
import io.catga.test.TransportCompatibilityKitMessages.LengthHandler;
import io.catga.test.TransportCompatibilityKitMessages.Relay;
import io.catga.test.TransportCompatibilityKitMessages.RelayHandler;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What every transport must do with requests; a part of {@link TransportCompatibilityKit}, which is to be extended. */
public abstract class TransportCompatibilityKitRequests extends TransportCompatibilityKitNodes {

    private static EchoHandler echoing() {
        return new EchoHandler((echo, _) -> Result.success(echo.text()));
    }

    private static EchoHandler answering(BiFunction<Echo, MessageContext, Result<String>> answer) {
        return new EchoHandler(answer);
    }

    @Test
    void bringsACommandToItsHandlerAndTheAnswerBack() throws Exception {
        node("server", echoing());

        Reply<String> reply = node("client").mediator().exchange(new Echo("Zoë & ☃"), MessageOptions.defaults());

        assertThat(reply.result()).isEqualTo(Result.success("Zoë & ☃"));
        assertThat(reply.handledBy()).isEqualTo("server");
    }

    @Test
    void bringsQueriesLikeCommands() throws Exception {
        node("server", new LengthHandler());

        assertThat(node("client").mediator().send(new Length("four"))).isEqualTo(Result.success(4));
    }

    @Test
    void carriesALargePayload() throws Exception {
        node("server", echoing());
        String text = "0123456789".repeat(20_000);

        assertThat(node("client").mediator().send(new Echo(text))).isEqualTo(Result.success(text));
    }

    @ParameterizedTest
    @EnumSource(ErrorCode.class)
    void carriesEveryErrorUnchangedAndAtOnce(ErrorCode code) throws Exception {
        CatgaError error = new CatgaError(
                code, "no, “because”", List.of(new Violation("items[0].quantity", "zero")), Duration.ofSeconds(3));
        node("server", answering((_, _) -> Result.failure(error)));
        Node client = node("client");

        Instant begun = Instant.now();

        assertThat(errorOf(client.mediator().send(new Echo("hello")))).isEqualTo(error);
        assertThat(begun).isAfter(Instant.now().minusSeconds(1));
    }

    /** How a handler can be broken. */
    enum Defect {
        EXCEPTION {
            @Override
            Result<String> answer() {
                throw new IllegalStateException("secret");
            }
        },
        ERROR {
            @Override
            Result<String> answer() {
                throw new NoClassDefFoundError("secret");
            }
        },
        NULL {
            @Override
            @SuppressWarnings("NullAway") // the defect
            Result<String> answer() {
                return null;
            }
        };

        abstract Result<String> answer();
    }

    @ParameterizedTest
    @EnumSource
    void answersInternalAtOnceWhenAHandlerIsBroken(Defect defect) throws Exception {
        node("server", answering((_, _) -> defect.answer()));
        Node client = node("client");

        Instant begun = Instant.now();
        CatgaError error = errorOf(client.mediator().send(new Echo("hello")));

        assertThat(error.code()).isEqualTo(ErrorCode.INTERNAL);
        assertThat(error.message()).doesNotContain("secret");
        assertThat(begun).isAfter(Instant.now().minusSeconds(1));
    }

    @Test
    void saysUnavailableWithinTwoSecondsWhenNobodyHandlesARequest() throws Exception {
        node("server", new LengthHandler());
        Node client = node("client");

        Instant begun = Instant.now();

        assertThat(errorOf(client.mediator().send(new Echo("hello"))).code()).isEqualTo(ErrorCode.UNAVAILABLE);
        assertThat(begun).isAfter(Instant.now().minusSeconds(2));
    }

    @Test
    void saysUnreadableWhenThePayloadIsBroken() throws Exception {
        node("server", echoing());
        Node client = node("client", DEFAULTS, new BrokenCodec());

        assertThat(errorOf(client.mediator().send(new Echo("hello"))).code()).isEqualTo(ErrorCode.UNREADABLE);
    }

    @Test
    void letsTheDeadlineTravel() throws Exception {
        AtomicReference<Instant> seen = new AtomicReference<>(Instant.EPOCH);
        node("server", answering((_, context) -> {
            context.deadline().ifPresent(seen::set);
            return Result.success("done");
        }));
        Node client = node("client");

        Instant before = Instant.now();
        client.mediator().send(new Echo("hello"), MessageOptions.defaults().withTimeout(Duration.ofSeconds(3)));

        assertThat(seen.get()).isBetween(before.plusMillis(2_999), Instant.now().plusMillis(3_001));
    }

    @Test
    void theBudgetShrinksAtEachHopAndNeverGrows() throws Exception {
        Queue<Duration> budgets = new ConcurrentLinkedQueue<>();
        node("end", answering((_, context) -> {
            budgets.add(Duration.between(Instant.now(), context.deadline().orElseThrow()));
            return Result.success("done");
        }));
        CompletableFuture<Node> self = new CompletableFuture<>();
        self.complete(node("middle", new RelayHandler((relay, context) -> {
            budgets.add(Duration.between(Instant.now(), context.deadline().orElseThrow()));
            work(Duration.ofMillis(200));
            return self.join()
                    .mediator()
                    .send(new Echo(relay.text()), MessageOptions.defaults().withTimeout(Duration.ofMinutes(1)));
        })));

        node("client")
                .mediator()
                .send(new Relay("hello"), MessageOptions.defaults().withTimeout(Duration.ofSeconds(3)));

        List<Duration> hops = List.copyOf(budgets);
        assertThat(hops).hasSize(2);
        assertThat(hops.getFirst()).isLessThanOrEqualTo(Duration.ofMillis(3_001));
        assertThat(hops.getLast()).isLessThanOrEqualTo(hops.getFirst().minusMillis(199));
    }

    @Test
    void waitsForAnAnswerNoLongerThanTheDeadline() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        node("server", answering((_, _) -> Result.success("" + opens(end, SOON))));
        Node client = node("client");

        Instant begun = Instant.now();
        CatgaError error = errorOf(client.mediator()
                .send(new Echo("hello"), MessageOptions.defaults().withTimeout(Duration.ofMillis(500))));
        end.countDown();

        assertThat(error.code()).isEqualTo(ErrorCode.DEADLINE_EXCEEDED);
        assertThat(begun)
                .isBetween(Instant.now().minusMillis(1_000), Instant.now().minusMillis(490));
    }

    @Test
    void carriesCorrelationCauseAndHeaders() throws Exception {
        AtomicReference<MessageMetadata> seen = new AtomicReference<>();
        node("end", answering((echo, context) -> {
            seen.set(context.metadata());
            return Result.success(echo.text());
        }));
        CompletableFuture<Node> self = new CompletableFuture<>();
        self.complete(node(
                "middle",
                new RelayHandler((relay, _) -> self.join()
                        .mediator()
                        .send(
                                new Echo(relay.text()),
                                MessageOptions.defaults().withHeader("traceparent", "00-1-2-01")))));

        node("client")
                .mediator()
                .send(new Relay("hello"), MessageOptions.defaults().withIdempotencyKey("outer"));

        assertThat(seen.get()).isNotNull().satisfies(metadata -> {
            assertThat(metadata.correlationId()).isEqualTo("outer");
            assertThat(metadata.causationId()).isEqualTo("outer");
            assertThat(metadata.messageId()).isNotEqualTo("outer");
            assertThat(metadata.headers()).containsExactly(Map.entry("traceparent", "00-1-2-01"));
        });
    }

    @Test
    void spreadsRequestsEvenlyAndHandlesEachOnce() throws Exception {
        Queue<String> handled = new ConcurrentLinkedQueue<>();
        for (int member = 1; member <= 3; member++) {
            node("server-" + member, answering((echo, _) -> {
                handled.add(echo.text());
                return Result.success(echo.text());
            }));
        }
        Node client = node("client");

        Map<Object, Long> shares = inParallel(sending(client, 16, 600)).stream()
                .flatMap(List::stream)
                .collect(groupingBy(reply -> String.valueOf(reply.handledBy()), counting()));

        assertThat(handled).hasSize(600).doesNotHaveDuplicates();
        assertThat(shares).hasSize(3).allSatisfy((_, share) -> assertThat(share).isBetween(150L, 250L));
    }

    /** Several threads that together send a number of different commands. */
    private static List<Callable<List<Reply<String>>>> sending(Node client, int threads, int requests) {
        return IntStream.range(0, threads)
                .<Callable<List<Reply<String>>>>mapToObj(thread -> () -> IntStream.range(0, requests)
                        .filter(number -> number % threads == thread)
                        .mapToObj(
                                number -> client.mediator().exchange(new Echo("" + number), MessageOptions.defaults()))
                        .toList())
                .toList();
    }

    @Test
    void callsASlowHandlerOnce() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        EchoHandler slow = answering((echo, _) -> {
            calls.incrementAndGet();
            work(Duration.ofMillis(1_200));
            return Result.success(echo.text());
        });
        node("server-1", slow);
        node("server-2", slow);

        Result<String> result = node("client").mediator().send(new Echo("hello"));

        assertThat(result).isEqualTo(Result.success("hello"));
        assertThat(calls).hasValue(1);
    }

    @Test
    void refusesAtOnceWhatItHasNoRoomFor() throws Exception {
        CountDownLatch busy = new CountDownLatch(2);
        CountDownLatch end = new CountDownLatch(1);
        node("server", new Settings(2, 3, DEFAULTS.redelivery()), answering((echo, _) -> {
            busy.countDown();
            opens(end, SOON);
            return Result.success(echo.text());
        }));
        Node client = node("client");
        List<CompletableFuture<Result<String>>> first = Stream.of("one", "two")
                .map(text -> client.mediator().sendAsync(new Echo(text)).toCompletableFuture())
                .toList();
        assertThat(opens(busy, SOON)).isTrue();

        Instant begun = Instant.now();
        CatgaError refusal = errorOf(client.mediator().send(new Echo("three")));

        assertThat(refusal.code()).isEqualTo(ErrorCode.OVERLOADED);
        assertThat(refusal.retryAfter()).isPositive();
        assertThat(begun).isAfter(Instant.now().minusSeconds(1));
        end.countDown();
        assertThat(first)
                .allSatisfy(result -> assertThat(result).succeedsWithin(SOON).matches(Result::isSuccess));
    }

    @Test
    void losesAndRepeatsNoRequestWhenAMemberLeaves() throws Exception {
        Queue<String> handled = new ConcurrentLinkedQueue<>();
        CountDownLatch some = new CountDownLatch(100);
        EchoHandler handler = answering((echo, _) -> {
            some.countDown();
            work(Duration.ofMillis(20));
            handled.add(echo.text());
            return Result.success(echo.text());
        });
        Node leaving = node("server-1", handler);
        node("server-2", handler);
        Node client = node("client");
        CompletableFuture<Void> left = CompletableFuture.runAsync(() -> {
            opens(some, SOON);
            try {
                leave(leaving);
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });

        List<Reply<String>> replies = inParallel(sending(client, 16, 800)).stream()
                .flatMap(List::stream)
                .toList();

        assertThat(left).succeedsWithin(SOON);
        assertThat(replies).allMatch(reply -> reply.result().isSuccess());
        assertThat(handled).hasSize(800).doesNotHaveDuplicates();
        assertThat(replies).extracting(Reply::handledBy).contains("server-1", "server-2");
    }

    /** Writes what nobody can read, and reads normally. */
    private static final class BrokenCodec implements MessageCodec {

        @Override
        public byte[] encode(Object value) {
            return "{\"text\": ".getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public <T> T decode(byte[] bytes, Type type) {
            return CODEC.decode(bytes, type);
        }
    }
}
