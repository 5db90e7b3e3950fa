package io.catga.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.catga.CatgaError;
import io.catga.CommandHandler;
import io.catga.ErrorCode;
import io.catga.Event;
import io.catga.EventHandler;
import io.catga.Mediator;
import io.catga.MediatorBuilder;
import io.catga.MessageContext;
import io.catga.MessageOptions;
import io.catga.Result;
import io.catga.TestMessages;
import io.catga.TestMessages.Forget;
import io.catga.TestMessages.Greet;
import io.catga.TestMessages.Greeted;
import io.catga.Unit;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.tracing.Tracer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Limits, breaker and retry, each by what it does to messages. */
class ResilienceTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final List<Duration> pauses = new ArrayList<>();
    private final AtomicInteger calls = new AtomicInteger();

    /** Answers the attempts in turn. */
    private final class Greeter implements CommandHandler<Greet, String> {

        private final IntFunction<Result<String>> answers;

        Greeter(IntFunction<Result<String>> answers) {
            this.answers = answers;
        }

        @Override
        public Result<String> handle(Greet command, MessageContext context) {
            return answers.apply(calls.incrementAndGet());
        }
    }

    private MediatorBuilder answering(IntFunction<Result<String>> answers) {
        return Mediator.builder()
                .catalog(TestMessages.CATALOG)
                .handler(new Greeter(answers))
                .handler(new TestMessages.ForgetHandler())
                .handler(new TestMessages.CountHandler())
                .metrics(meters);
    }

    private static Result<String> failure(ErrorCode code) {
        return Result.failure(code, "not now");
    }

    private static CatgaError errorOf(Result<?> result) {
        assertThat(result).isInstanceOf(Result.Failure.class);
        return ((Result.Failure<?>) result).error();
    }

    private RetryBehavior retry(RetryOptions options, double random) {
        return new RetryBehavior(
                options, Clock.fixed(NOW, ZoneOffset.UTC), () -> random, pauses::add, meters, Tracer.NOOP);
    }

    private Mediator retrying(IntFunction<Result<String>> answers, RetryOptions options, double random) {
        return answering(answers)
                .clock(Clock.fixed(NOW, ZoneOffset.UTC))
                .without(Stage.RETRY)
                .behavior(retry(options, random))
                .build();
    }

    @Test
    void triesAgainUntilItSucceeds() {
        Mediator mediator = answering(
                        call -> call < 3 ? failure(ErrorCode.UNAVAILABLE) : Result.success("third time lucky"))
                .build();

        assertThat(mediator.send(new Greet("Ada", 1))).isEqualTo(Result.success("third time lucky"));
        assertThat(meters.get("catga.retries").tag("type", "Greet").counter().count())
                .isEqualTo(2);
    }

    @ParameterizedTest
    @EnumSource(ErrorCode.class)
    void triesAgainOnlyWhatTheTableOfErrorsMarks(ErrorCode code) {
        Mediator mediator = answering(call -> failure(code)).build();

        Result<String> result = mediator.send(new Greet("Ada", 1));

        assertThat(errorOf(result).code()).isEqualTo(code);
        assertThat(calls).hasValue(code.isRetried() ? 3 : 1);
    }

    @Test
    void waitsARandomPartOfATimeThatGrowsUpToItsLimit() {
        RetryOptions options = new RetryOptions(5, Duration.ofMillis(100), 2, Duration.ofMillis(300));

        retrying(call -> failure(ErrorCode.UNAVAILABLE), options, 1).send(new Greet("Ada", 1));
        retrying(call -> failure(ErrorCode.UNAVAILABLE), options, 0.5).send(new Greet("Ada", 1));

        assertThat(pauses)
                .extracting(Duration::toMillis)
                .containsExactly(100L, 200L, 300L, 300L, 50L, 100L, 150L, 150L);
    }

    @Test
    void waitsAtLeastAsLongAsItIsAskedTo() {
        IntFunction<Result<String>> busy = call ->
                Result.failure(CatgaError.of(ErrorCode.RATE_LIMITED, "too fast").retryAfter(Duration.ofMillis(250)));

        retrying(busy, RetryOptions.defaults(), 0.1).send(new Greet("Ada", 1));

        assertThat(pauses).containsExactly(Duration.ofMillis(250), Duration.ofMillis(250));
    }

    @Test
    void tellsTheCallerRatherThanWaitLongerThanItsLimit() {
        IntFunction<Result<String>> away = call ->
                Result.failure(CatgaError.of(ErrorCode.UNAVAILABLE, "later").retryAfter(Duration.ofSeconds(1)));

        retrying(away, RetryOptions.defaults(), 0.1).send(new Greet("Ada", 1));

        assertThat(pauses).isEmpty();
        assertThat(calls).hasValue(1);
    }

    @Test
    void neverWaitsPastTheDeadline() {
        RetryOptions options = new RetryOptions(9, Duration.ofMillis(100), 2, Duration.ofSeconds(9));

        retrying(call -> failure(ErrorCode.UNAVAILABLE), options, 1)
                .send(new Greet("Ada", 1), MessageOptions.defaults().withTimeout(Duration.ofMillis(500)));

        assertThat(pauses).extracting(Duration::toMillis).containsExactly(100L, 200L, 400L);
    }

    @Test
    void anEventIsTriedAgainForTheHandlerThatFailedOnly() {
        AtomicInteger others = new AtomicInteger();
        class Failing implements EventHandler<Greeted> {
            @Override
            public Result<Unit> handle(Greeted event, MessageContext context) {
                return calls.incrementAndGet() < 3 ? Result.failure(ErrorCode.UNAVAILABLE, "not now") : Result.done();
            }
        }
        class Other implements EventHandler<Greeted> {
            @Override
            public Result<Unit> handle(Greeted event, MessageContext context) {
                others.incrementAndGet();
                return Result.done();
            }
        }
        Mediator mediator = TestMessages.complete()
                .handler(new Failing())
                .handler(new Other())
                .build();

        assertThat(mediator.publish(new Greeted("Ada"))).isEqualTo(Result.done());
        assertThat(calls).hasValue(3);
        assertThat(others).hasValue(1);
    }

    @Test
    void refusesWhatIsOverTheRateAndSaysForHowLong() {
        Mediator mediator = answering(call -> Result.success("hello"))
                .rateLimit(new RateLimitOptions(2, Duration.ofMinutes(1)))
                .build();

        mediator.send(new Greet("Ada", 1));
        mediator.send(new Greet("Ada", 1));
        CatgaError refused = errorOf(mediator.send(new Greet("Ada", 1)));

        assertThat(refused.code()).isEqualTo(ErrorCode.RATE_LIMITED);
        assertThat(refused.retryAfter()).isBetween(Duration.ofMillis(1), Duration.ofMinutes(1));
        assertThat(mediator.send(new Forget("Ada"))).as("another type").isEqualTo(Result.done());
    }

    @Test
    void refusesWhatIsOverTheConcurrencyAtOnce() throws Exception {
        CountDownLatch inHand = new CountDownLatch(2);
        CountDownLatch end = new CountDownLatch(1);
        Mediator mediator = answering(call -> {
                    inHand.countDown();
                    try {
                        end.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                    return Result.success("hello");
                })
                .concurrencyLimit(new ConcurrencyLimitOptions(2))
                .build();

        try (ExecutorService senders = Executors.newVirtualThreadPerTaskExecutor()) {
            senders.submit(() -> mediator.send(new Greet("Ada", 1)));
            senders.submit(() -> mediator.send(new Greet("Ada", 1)));
            inHand.await();
            CatgaError refused = errorOf(mediator.send(new Greet("Ada", 1)));
            end.countDown();

            assertThat(refused.code()).isEqualTo(ErrorCode.OVERLOADED);
        }
        assertThat(mediator.send(new Greet("Ada", 1)).isSuccess()).isTrue();
    }

    private static CircuitBreakerOptions breaker(Duration openFor) {
        return new CircuitBreakerOptions(
                50, 10, 4, openFor, 2, CircuitBreakerOptions.defaults().codes());
    }

    private double breakerState() {
        return meters.get("catga.breaker.state").tag("type", "Greet").gauge().value();
    }

    @Test
    void stopsTryingWhatKeepsFailing() {
        Mediator mediator = answering(call -> failure(ErrorCode.UNAVAILABLE))
                .circuitBreaker(breaker(Duration.ofMinutes(1)))
                .without(Stage.RETRY)
                .build();

        for (int i = 0; i < 4; i++) {
            mediator.send(new Greet("Ada", 1));
        }
        CatgaError refused = errorOf(mediator.send(new Greet("Ada", 1)));

        assertThat(calls).as("the fifth was not tried").hasValue(4);
        assertThat(refused.code()).isEqualTo(ErrorCode.UNAVAILABLE);
        assertThat(refused.retryAfter()).isEqualTo(Duration.ofMinutes(1));
        assertThat(breakerState()).isEqualTo(1);
        assertThat(mediator.send(new Forget("Ada"))).as("another type").isEqualTo(Result.done());
    }

    @Test
    void beginsToTryAgainAfterAWhile() {
        Mediator mediator = answering(call -> call <= 4 ? failure(ErrorCode.UNAVAILABLE) : Result.success("hello"))
                .circuitBreaker(breaker(Duration.ofMillis(20)))
                .without(Stage.RETRY)
                .build();

        for (int i = 0; i < 4; i++) {
            mediator.send(new Greet("Ada", 1));
        }

        await().until(() -> mediator.send(new Greet("Ada", 1)).isSuccess());
        await().until(() -> mediator.send(new Greet("Ada", 1)).isSuccess() && breakerState() == 0);
    }

    @ParameterizedTest
    @EnumSource(
            value = ErrorCode.class,
            names = {"UNAVAILABLE", "DEADLINE_EXCEEDED"},
            mode = EnumSource.Mode.EXCLUDE)
    void doesNotStopForWhatIsNoFailureOfTheSystem(ErrorCode code) {
        Mediator mediator = answering(call -> failure(code))
                .circuitBreaker(breaker(Duration.ofMinutes(1)))
                .without(Stage.RETRY)
                .build();

        for (int i = 0; i < 20; i++) {
            mediator.send(new Greet("Ada", 1));
        }

        assertThat(calls).hasValue(20);
        assertThat(breakerState()).isZero();
    }

    /** A defect of a behaviour further in is nobody's failure to answer. */
    @Test
    void doesNotStopForAnException() {
        Mediator mediator = answering(call -> Result.success("hello"))
                .circuitBreaker(breaker(Duration.ofMinutes(1)))
                .behavior(new Behavior() {
                    @Override
                    public Placement placement() {
                        return Placement.after(Stage.CIRCUIT_BREAKER);
                    }

                    @Override
                    public java.util.Optional<Step> stepFor(Target target) {
                        return java.util.Optional.of((context, next) -> {
                            throw new IllegalStateException("broken");
                        });
                    }
                })
                .build();

        for (int i = 0; i < 20; i++) {
            assertThat(errorOf(mediator.send(new Greet("Ada", 1))).code()).isEqualTo(ErrorCode.INTERNAL);
        }

        assertThat(breakerState()).isZero();
    }

    /** Waiting for the breaker must not use up the attempts of an event. */
    @Test
    void anEventIsNotLostToABreaker() {
        class Failing implements EventHandler<Greeted> {
            @Override
            public Result<Unit> handle(Greeted event, MessageContext context) {
                return Result.failure(ErrorCode.UNAVAILABLE, "not now");
            }
        }
        Mediator mediator = Mediator.builder()
                .catalog(io.catga.MessageCatalog.of(Greeted.class))
                .handler(new Failing())
                .circuitBreaker(breaker(Duration.ofMinutes(1)))
                .without(Stage.RETRY)
                .build();
        Event event = new Greeted("Ada");
        for (int i = 0; i < 4; i++) {
            mediator.publish(event);
        }

        ErrorCode code = errorOf(mediator.publish(event)).code();

        assertThat(code).isEqualTo(ErrorCode.OVERLOADED);
        assertThat(code.deadLetter()).isEqualTo(ErrorCode.DeadLetter.NEVER);
    }

    @Test
    void aBehaviorOfOnesOwnCanBeForOneTypeOnly() {
        List<String> seen = new ArrayList<>();
        Behavior noting = new Behavior() {
            @Override
            public Placement placement() {
                return Placement.before(Stage.RETRY);
            }

            @Override
            public java.util.Optional<Step> stepFor(Target target) {
                return java.util.Optional.of((context, next) -> {
                    seen.add(target.type().label());
                    return next.proceed(context);
                });
            }
        };
        Mediator mediator = TestMessages.complete()
                .behavior(noting.onlyFor(Greet.class))
                .behavior(noting.onlyIf(type -> type.label().startsWith("Count")))
                .behavior(noting.onlyAnnotated(Deprecated.class))
                .build();

        mediator.send(new Greet("Ada", 1));
        mediator.send(new Forget("Ada"));
        mediator.send(new TestMessages.CountGreetings());

        assertThat(seen).containsExactly("Greet", "CountGreetings");
    }

    @Test
    void aSettingThatCannotBeIsRefusedWithTheWayOut() {
        assertThatThrownBy(() -> new RetryOptions(0, Duration.ofMillis(1), 2, Duration.ofMillis(1)))
                .hasMessage("maxAttempts must be at least 1, but was 0; set catga.retry.max-attempts");
        assertThatThrownBy(() -> new RateLimitOptions(0, Duration.ofSeconds(1)))
                .hasMessageContaining("catga.rate-limit.permits");
        assertThatThrownBy(() -> new ConcurrencyLimitOptions(0))
                .hasMessageContaining("catga.concurrency-limit.max-concurrent");
        assertThatThrownBy(() -> new CircuitBreakerOptions(101, 1, 1, Duration.ofSeconds(1), 1, java.util.Set.of()))
                .hasMessageContaining("catga.circuit-breaker.failure-rate");
    }
}
