package io.catga.spring;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.catga.CatgaError;
import io.catga.Command;
import io.catga.CommandHandler;
import io.catga.ErrorCode;
import io.catga.Idempotent;
import io.catga.Mediator;
import io.catga.MessageCatalog;
import io.catga.MessageContext;
import io.catga.MessageOptions;
import io.catga.MessageType;
import io.catga.Result;
import io.catga.pipeline.Behavior;
import io.catga.pipeline.Placement;
import io.catga.pipeline.Stage;
import io.catga.pipeline.Step;
import io.catga.pipeline.Target;
import io.catga.store.InMemoryStateStore;
import io.catga.store.StateStore;
import io.catga.test.ManualClock;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.tracing.propagation.Propagator;
import io.micrometer.tracing.test.simple.SimpleTracer;
import jakarta.validation.Validation;
import jakarta.validation.Validator;
import jakarta.validation.constraints.NotBlank;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.core.ConditionFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/**
 * Every setting of the pipeline, by what it changes in what the application does: each case starts an application without
 * the setting and one with it, and does the same to both. One case for each setting, hence its length.
 *
 * <p>What is asked does not depend on how fast the machine is. Deadlines, leases and retentions go by a clock that stands
 * still. Two messages at once are one that is sent while another is handled, on the same thread. The breaker and the rate
 * limiter know only the real time, so their periods are an hour wherever two messages must fall into one. And the random
 * part of a wait is of 1,000 days, of which only one in ten million is shorter than a deadline of five seconds.
 */
class PipelineSettingsTest {

    private static final String HANDLED = "handled";
    private static final String REFUSED = "refused";
    private static final String ONE_ATTEMPT = "catga.retry.max-attempts=1";
    private static final String STAYS_OPEN = "catga.circuit-breaker.open-for=1h";

    @MessageType("test.work")
    record Work(@NotBlank String text) implements Command<String> {}

    @Idempotent
    @MessageType("test.once")
    record Once(String text) implements Command<String> {}

    private static final class WorkHandler implements CommandHandler<Work, String> {

        private final Application application;

        WorkHandler(Application application) {
            this.application = application;
        }

        @Override
        public Result<String> handle(Work command, MessageContext context) {
            return application.handle();
        }
    }

    private static final class OnceHandler implements CommandHandler<Once, String> {

        private final Application application;

        OnceHandler(Application application) {
            this.application = application;
        }

        @Override
        public Result<String> handle(Once command, MessageContext context) {
            return application.handle();
        }
    }

    /** A way that takes its time. */
    private record SlowWay(Application application) implements Behavior {

        @Override
        public Placement placement() {
            return Placement.before(Stage.DEADLINE);
        }

        @Override
        public Optional<Step> stepFor(Target target) {
            return Optional.of((context, next) -> {
                application.clock.advance(application.onTheWay);
                return next.proceed(context);
            });
        }
    }

    /** An application that runs, and what a case may do to it. */
    private static final class Application {

        private final ManualClock clock = ManualClock.at(Instant.parse("2026-01-01T00:00:00Z"));
        private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
        private final SimpleTracer tracer = new SimpleTracer();
        private final AtomicInteger calls = new AtomicInteger();
        private final AtomicReference<Mediator> mediator = new AtomicReference<>();
        private Duration onTheWay = Duration.ZERO;
        /** What the handler answers, by how often it has been called. */
        private Function<Integer, Result<String>> answers = call -> Result.success("done");

        Result<String> handle() {
            return answers.apply(calls.incrementAndGet());
        }

        ApplicationContextRunner withBeans(ApplicationContextRunner runner) {
            return runner.withBean(Clock.class, () -> clock)
                    .withBean(SimpleMeterRegistry.class, () -> meters)
                    .withBean(SimpleTracer.class, () -> tracer)
                    .withBean(Propagator.class, () -> Propagator.NOOP)
                    .withBean(
                            Validator.class,
                            () -> Validation.buildDefaultValidatorFactory().getValidator())
                    .withBean(StateStore.class, () -> new InMemoryStateStore(clock, Duration.ofSeconds(30)))
                    .withBean(MessageCatalog.class, () -> MessageCatalog.of(Work.class, Once.class))
                    .withBean(WorkHandler.class, () -> new WorkHandler(this))
                    .withBean(OnceHandler.class, () -> new OnceHandler(this))
                    .withBean(SlowWay.class, () -> new SlowWay(this));
        }

        Result<String> send() {
            return mediator.get().send(new Work("some"));
        }

        Result<String> once(Duration timeout) {
            return mediator.get()
                    .send(
                            new Once("some"),
                            MessageOptions.defaults().withIdempotencyKey("key").withTimeout(timeout));
        }

        void failsWith(ErrorCode code) {
            answers = call -> Result.failure(code, "not now");
        }

        /** Limiter and breaker go by the real time: what is sent may just fall into the next period. */
        Result<String> sendUntilRefused() {
            AtomicReference<@Nullable Result<String>> refusal = new AtomicReference<>();
            patiently().until(() -> {
                int before = calls.get();
                refusal.set(send());
                return calls.get() == before;
            });
            return requireNonNull(refusal.get());
        }

        void sendUntilHandled() {
            patiently().until(this::next, HANDLED::equals);
        }

        private static ConditionFactory patiently() {
            return await().pollInSameThread()
                    .pollDelay(Duration.ZERO)
                    .pollInterval(Duration.ofMillis(10))
                    .atMost(Duration.ofSeconds(10));
        }

        /** Whether the next message reaches the handler, whatever that makes of it. */
        String next() {
            int before = calls.get();
            send();
            return calls.get() > before ? HANDLED : REFUSED;
        }

        /** What becomes of a message that is sent while another one is handled. */
        Object duringAnother() {
            int before = calls.get();
            AtomicReference<Object> inner = new AtomicReference<>("not sent");
            answers = call -> {
                if (call == before + 1) {
                    inner.set(outcome(send()));
                }
                return Result.success("done");
            };
            sendUntilHandled();
            return inner.get();
        }
    }

    private interface Observation {
        Object of(Application application);
    }

    /**
     * @param setting   what is changed, as {@code property=value}
     * @param beside    settings that both applications have
     * @param byDefault what is seen without the setting
     * @param changed   what is seen with it
     */
    private record Case(
            String setting, List<String> beside, Object byDefault, Object changed, Observation observation) {

        String property() {
            return setting.substring(0, setting.indexOf('='));
        }

        Case beside(String... settings) {
            return new Case(setting, List.of(settings), byDefault, changed, observation);
        }

        @Override
        public String toString() {
            return setting;
        }
    }

    private static Case changing(String setting, Object byDefault, Object changed, Observation observation) {
        return new Case(setting, List.of(), byDefault, changed, observation);
    }

    private static Object outcome(Result<?> result) {
        return result instanceof Result.Failure<?>(CatgaError error) ? error.code() : HANDLED;
    }

    private static CatgaError errorOf(Result<?> result) {
        assertThat(result).isInstanceOf(Result.Failure.class);
        return ((Result.Failure<?>) result).error();
    }

    static Stream<Case> cases() {
        return Stream.of(times(), limits(), breaker(), retry(), without()).flatMap(cases -> cases);
    }

    private static Stream<Case> times() {
        return Stream.of(
                changing("catga.timeout=7s", ErrorCode.DEADLINE_EXCEEDED, HANDLED, application -> {
                    application.onTheWay = Duration.ofSeconds(6);
                    return outcome(application.send());
                }),
                changing("catga.retention=1h", 1, 2, application -> {
                    application.once(Duration.ofSeconds(5));
                    application.clock.advance(Duration.ofHours(2));
                    application.once(Duration.ofSeconds(5));
                    return application.calls.get();
                }),
                changing("catga.idempotency.lease=1s", ErrorCode.UNAVAILABLE, HANDLED, application -> {
                    AtomicReference<Object> second = new AtomicReference<>("not sent");
                    application.answers = call -> {
                        if (call == 1) {
                            application.clock.advance(Duration.ofSeconds(10));
                            second.set(outcome(application.once(Duration.ofMillis(20))));
                        }
                        return Result.success("done");
                    };
                    application.once(Duration.ofMinutes(1));
                    return second.get();
                }),
                changing("catga.idempotency.max-result=10B", HANDLED, ErrorCode.INTERNAL, application -> {
                    application.answers = call -> Result.success("longer than that");
                    return outcome(application.once(Duration.ofSeconds(5)));
                }));
    }

    private static Stream<Case> limits() {
        return Stream.of(
                changing(
                                "catga.rate-limit.permits=2",
                                List.of(HANDLED, HANDLED, HANDLED),
                                List.of(HANDLED, HANDLED, ErrorCode.RATE_LIMITED),
                                application -> List.of(
                                        outcome(application.send()),
                                        outcome(application.send()),
                                        outcome(application.send())))
                        .beside("catga.rate-limit.period=1h"),
                changing("catga.rate-limit.period=1h", "at most a second", "longer", application -> {
                            Result<String> result = application.sendUntilRefused();
                            assertThat(errorOf(result).code()).isEqualTo(ErrorCode.RATE_LIMITED);
                            assertThat(errorOf(result).retryAfter()).isPositive();
                            return Duration.ofSeconds(1)
                                                    .compareTo(errorOf(result).retryAfter())
                                            < 0
                                    ? "longer"
                                    : "at most a second";
                        })
                        .beside("catga.rate-limit.permits=1"),
                changing(
                        "catga.concurrency-limit.max-concurrent=1",
                        HANDLED,
                        ErrorCode.OVERLOADED,
                        Application::duringAnother));
    }

    private static Stream<Case> breaker() {
        return Stream.of(
                changing("catga.circuit-breaker.failure-rate=20", HANDLED, REFUSED, application -> {
                            application.answers = call -> call == 1
                                    ? Result.failure(ErrorCode.UNAVAILABLE, "not now")
                                    : Result.success("done");
                            sendTimes(4, application);
                            return application.next();
                        })
                        .beside("catga.circuit-breaker.minimum-calls=4", STAYS_OPEN, ONE_ATTEMPT),
                changing("catga.circuit-breaker.window=4", HANDLED, REFUSED, application -> {
                            sendTimes(6, application);
                            application.failsWith(ErrorCode.UNAVAILABLE);
                            sendTimes(3, application);
                            return application.next();
                        })
                        .beside("catga.circuit-breaker.minimum-calls=4", STAYS_OPEN, ONE_ATTEMPT),
                changing("catga.circuit-breaker.minimum-calls=2", HANDLED, REFUSED, application -> {
                            application.failsWith(ErrorCode.UNAVAILABLE);
                            sendTimes(2, application);
                            return application.next();
                        })
                        .beside(STAYS_OPEN, ONE_ATTEMPT),
                changing(
                                "catga.circuit-breaker.open-for=200ms",
                                Duration.ofSeconds(1),
                                Duration.ofMillis(200),
                                PipelineSettingsTest::howLongTheBreakerRefuses)
                        .beside("catga.circuit-breaker.minimum-calls=1", ONE_ATTEMPT),
                changing("catga.circuit-breaker.trials=1", HANDLED, ErrorCode.UNAVAILABLE, application -> {
                            application.failsWith(ErrorCode.UNAVAILABLE);
                            sendTimes(1, application);
                            return application.duringAnother();
                        })
                        .beside(
                                "catga.circuit-breaker.minimum-calls=1",
                                "catga.circuit-breaker.open-for=1ms",
                                ONE_ATTEMPT),
                changing("catga.circuit-breaker.codes=INTERNAL", HANDLED, REFUSED, application -> {
                            application.failsWith(ErrorCode.INTERNAL);
                            sendTimes(2, application);
                            return application.next();
                        })
                        .beside("catga.circuit-breaker.minimum-calls=2", STAYS_OPEN, ONE_ATTEMPT));
    }

    /** What it says, and that it is over at some time. */
    private static Object howLongTheBreakerRefuses(Application application) {
        application.failsWith(ErrorCode.UNAVAILABLE);
        Result<String> refusal = application.sendUntilRefused();
        application.sendUntilHandled();
        return requireNonNull(errorOf(refusal).retryAfter());
    }

    private static Stream<Case> retry() {
        return Stream.of(
                changing("catga.retry.max-attempts=2", 3, 2, PipelineSettingsTest::attempts)
                        .beside("catga.retry.first=1ms"),
                changing("catga.retry.first=1000d", 3, 1, PipelineSettingsTest::attempts)
                        .beside("catga.retry.max=1000d"),
                changing("catga.retry.multiplier=1e12", 3, 2, PipelineSettingsTest::attempts)
                        .beside("catga.retry.first=1ms", "catga.retry.max=1000d"),
                changing("catga.retry.max=10ms", 3, 1, application -> {
                            application.answers = call -> Result.failure(CatgaError.of(ErrorCode.UNAVAILABLE, "not now")
                                    .retryAfter(Duration.ofMillis(20)));
                            application.send();
                            return application.calls.get();
                        })
                        .beside("catga.retry.first=1ms"));
    }

    private static Object attempts(Application application) {
        application.failsWith(ErrorCode.UNAVAILABLE);
        application.send();
        return application.calls.get();
    }

    private static Stream<Case> without() {
        return Stream.of(
                changing("catga.without=tracing", 1, 0, application -> {
                    application.send();
                    return application.tracer.getSpans().size();
                }),
                changing("catga.without=metrics", 1, 0, application -> {
                    application.send();
                    return application.meters.find("catga.requests").counters().size();
                }),
                changing(
                        "catga.without=logging",
                        List.of("Handling command: Work"),
                        List.of(),
                        application -> linesOf(application::send)),
                changing(
                        "catga.without=validation",
                        ErrorCode.VALIDATION,
                        HANDLED,
                        application -> outcome(application.mediator.get().send(new Work(" ")))),
                changing("catga.without=deadline", ErrorCode.DEADLINE_EXCEEDED, HANDLED, application -> {
                    application.onTheWay = Duration.ofSeconds(6);
                    return outcome(application.send());
                }),
                changing("catga.without=idempotency", 1, 2, application -> {
                    application.once(Duration.ofSeconds(5));
                    application.once(Duration.ofSeconds(5));
                    return application.calls.get();
                }),
                changing("catga.without=rate-limit", REFUSED, HANDLED, application -> {
                            sendTimes(1, application);
                            return application.next();
                        })
                        .beside("catga.rate-limit.permits=1", "catga.rate-limit.period=1h"),
                changing("catga.without=concurrency-limit", ErrorCode.OVERLOADED, HANDLED, Application::duringAnother)
                        .beside("catga.concurrency-limit.max-concurrent=1"),
                changing("catga.without=circuit-breaker", REFUSED, HANDLED, application -> {
                            application.failsWith(ErrorCode.UNAVAILABLE);
                            sendTimes(1, application);
                            return application.next();
                        })
                        .beside("catga.circuit-breaker.minimum-calls=1", STAYS_OPEN, ONE_ATTEMPT),
                changing("catga.without=retry", 3, 1, PipelineSettingsTest::attempts)
                        .beside("catga.retry.first=1ms"));
    }

    private static void sendTimes(int times, Application application) {
        for (int i = 0; i < times; i++) {
            application.send();
        }
    }

    /** What is logged at INFO about messages, without the instance and the id. */
    private static List<String> linesOf(Runnable work) {
        Logger logger = (Logger) LoggerFactory.getLogger("io.catga.messages");
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        lines.start();
        logger.addAppender(lines);
        try {
            work.run();
        } finally {
            logger.detachAppender(lines);
        }
        return lines.list.stream()
                .filter(line -> line.getLevel() == Level.INFO)
                .map(line -> line.getFormattedMessage().replaceAll("^\\[.*?] | \\[MessageId=.*", ""))
                .toList();
    }

    private static Object observe(Case changed, String... settings) {
        List<Object> seen = new ArrayList<>();
        Application application = new Application();
        application
                .withBeans(new ApplicationContextRunner()
                        .withConfiguration(AutoConfigurations.of(CatgaAutoConfiguration.class)))
                .withPropertyValues("catga.instance=test-1")
                .withPropertyValues(changed.beside().toArray(String[]::new))
                .withPropertyValues(settings)
                .run(context -> {
                    application.mediator.set(context.getBean(Mediator.class));
                    seen.add(changed.observation().of(application));
                });
        return seen.getFirst();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void everySettingChangesWhatTheApplicationDoes(Case changed) {
        assertThat(observe(changed)).as("without " + changed).isEqualTo(changed.byDefault());
        assertThat(observe(changed, changed.setting())).as("with " + changed).isEqualTo(changed.changed());
    }

    @Test
    void noSettingOfTheDocumentationIsMissingHere() throws IOException {
        Set<String> documented = Pattern.compile("(?m)^\\| `(catga[^`]+)` \\|")
                .matcher(Files.readString(Path.of("../docs/pipeline.md")))
                .results()
                .map(row -> row.group(1))
                .collect(Collectors.toSet());

        assertThat(documented).hasSizeGreaterThan(15);
        assertThat(cases().map(Case::property)).containsAll(documented);
    }

    @Test
    void everyStageIsLeftOutByOneOfTheCases() {
        assertThat(without().map(Case::setting))
                .containsExactlyElementsOf(Arrays.stream(Stage.values())
                        .map(stage -> "catga.without="
                                + stage.name().toLowerCase(Locale.ROOT).replace('_', '-'))
                        .toList());
    }
}
