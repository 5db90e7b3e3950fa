package io.catga.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.catga.CatgaError;
import io.catga.Command;
import io.catga.CommandHandler;
import io.catga.ErrorCode;
import io.catga.Event;
import io.catga.EventHandler;
import io.catga.Mediator;
import io.catga.MessageCatalog;
import io.catga.MessageContext;
import io.catga.MessageType;
import io.catga.Result;
import io.catga.Unit;
import io.catga.nats.NatsEventReceiver;
import io.catga.nats.NatsLink;
import io.catga.nats.NatsRequestReceiver;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.nats.client.Connection;
import io.nats.client.Nats;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.assertj.core.api.AbstractDoubleAssert;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;

/** Each metric of NATS, made to change by what it is there to show. */
class NatsMetricsTest {

    private static final Duration LONG = Duration.ofSeconds(20);
    private static final GenericContainer<?> SERVER = TestServers.nats();

    @MessageType("test.ask")
    record Ask() implements Command<String> {}

    @MessageType("test.told")
    record Told(boolean anew) implements Event {}

    private final CountDownLatch may = new CountDownLatch(1);

    /** Handles when it may. */
    private record Asked(CountDownLatch may) implements CommandHandler<Ask, String> {
        @Override
        public Result<String> handle(Ask command, MessageContext context) {
            await().atMost(LONG).until(() -> may.getCount() == 0);
            return Result.success("answer");
        }
    }

    /** Handles when it may, and one of them at the second attempt. */
    private record Heard(CountDownLatch may, AtomicBoolean refused) implements EventHandler<Told> {
        @Override
        public Result<Unit> handle(Told event, MessageContext context) {
            await().atMost(LONG).until(() -> may.getCount() == 0);
            return event.anew() && refused.compareAndSet(false, true)
                    ? Result.failure(CatgaError.of(ErrorCode.UNAVAILABLE, "not now"))
                    : Result.done();
        }
    }

    @BeforeAll
    static void start() {
        SERVER.start();
    }

    @AfterAll
    static void stop() {
        SERVER.stop();
    }

    private static String url() {
        return "nats://" + SERVER.getHost() + ":" + SERVER.getMappedPort(4222);
    }

    private ApplicationContextRunner application() {
        return TestMetrics.application()
                .withBean(MessageCatalog.class, () -> MessageCatalog.of(Ask.class, Told.class))
                .withPropertyValues(
                        "catga.nats.servers=" + url(),
                        "catga.nats.replicas=1",
                        "catga.nats.max-concurrent-requests=7",
                        "catga.nats.attempt-timeout=250ms",
                        "catga.timeout=20s",
                        "catga.without=retry");
    }

    /** Runs an application that takes both, when it does. */
    private void receiving(Application test) {
        application()
                .withBean(Asked.class, () -> new Asked(may))
                .withBean(Heard.class, () -> new Heard(may, new AtomicBoolean()))
                .run(context -> {
                    await().atMost(LONG)
                            .until(() -> context.getBean(NatsRequestReceiver.class)
                                            .isActive()
                                    && context.getBean(NatsEventReceiver.class).isActive());
                    try {
                        test.run(context, new TestMetrics(context.getBean(PrometheusMeterRegistry.class)));
                    } finally {
                        may.countDown();
                    }
                });
    }

    /** Runs another one, which has to send what it wants to have handled. */
    private void sending(Application test) {
        application().run(context -> {
            await().atMost(LONG).until(() -> context.getBean(NatsLink.class).isConnected());
            test.run(context, new TestMetrics(context.getBean(PrometheusMeterRegistry.class)));
        });
    }

    @FunctionalInterface
    private interface Application {
        void run(ApplicationContext context, TestMetrics metrics) throws Exception;
    }

    private static Consumer<AbstractDoubleAssert<?>> is(double expected) {
        return value -> value.isEqualTo(expected);
    }

    private static void publish(ApplicationContext context, Told event) {
        assertThat(context.getBean(Mediator.class).publish(event)).isEqualTo(Result.done());
    }

    @Test
    void showAConnectionThatIsLostAndComesBack() {
        receiving((context, metrics) -> {
            assertThat(metrics.value("catga_nats_connected")).isEqualTo(1);
            assertThat(metrics.value("catga_nats_reconnects_total")).isZero();

            DockerClientFactory.lazyClient()
                    .pauseContainerCmd(SERVER.getContainerId())
                    .exec();
            try {
                metrics.await(is(0), "catga_nats_connected");
                metrics.await(AbstractDoubleAssert::isNaN, "catga_events_pending");
            } finally {
                DockerClientFactory.lazyClient()
                        .unpauseContainerCmd(SERVER.getContainerId())
                        .exec();
            }

            metrics.await(is(1), "catga_nats_connected");
            metrics.await(value -> value.isPositive(), "catga_nats_reconnects_total");
            metrics.await(is(0), "catga_events_pending");
        });
    }

    @Test
    void countAttemptsThatWereRepeated() {
        may.countDown();
        receiving((receiver, receiverMetrics) -> sending((sender, metrics) -> {
            assertThat(metrics.value("catga_nats_repeated_attempts_total")).isZero();
            Connection dead = Nats.connect(url());
            try {
                dead.createDispatcher(_ -> {}).subscribe("catga.request.test.ask", "test-service");
                dead.flush(LONG);

                await().atMost(LONG).until(() -> {
                    sender.getBean(Mediator.class).send(new Ask());
                    return metrics.value("catga_nats_repeated_attempts_total") > 0;
                });
            } finally {
                dead.close();
            }
        }));
    }

    @Test
    void showTheRequestsInHandAndHowManyThereCanBe() {
        receiving((receiver, metrics) -> sending((sender, senderMetrics) -> {
            assertThat(metrics.value("catga_requests_inflight")).isZero();
            assertThat(metrics.value("catga_requests_inflight_max")).isEqualTo(7);

            CompletableFuture<Result<String>> answer = CompletableFuture.supplyAsync(
                    () -> sender.getBean(Mediator.class).send(new Ask()));

            metrics.await(is(1), "catga_requests_inflight");
            may.countDown();
            assertThat(answer).succeedsWithin(LONG).isEqualTo(Result.success("answer"));
            metrics.await(is(0), "catga_requests_inflight");
        }));
    }

    @Test
    void showTheEventsBeforeAndInHandAndHowLateTheyWereAndTheStreams() {
        receiving((context, metrics) -> {
            double before = orZero(metrics);
            assertThat(metrics.value("catga_event_lag_seconds_count")).isZero();

            IntStream.range(0, 100).forEach(_ -> publish(context, new Told(false)));

            metrics.await(AbstractDoubleAssert::isPositive, "catga_events_inflight");
            metrics.await(AbstractDoubleAssert::isPositive, "catga_events_pending");
            metrics.await(AbstractDoubleAssert::isPositive, "catga_events_ack_pending");
            may.countDown();
            metrics.await(is(0), "catga_events_inflight");
            metrics.await(is(100), "catga_event_lag_seconds_count");
            metrics.await(is(0), "catga_events_pending");
            metrics.await(is(0), "catga_events_ack_pending");
            assertThat(metrics.value("catga_event_lag_seconds_sum")).isPositive();
            assertThat(metrics.value("catga_event_lag_seconds_bucket", "le=\"30.0\""))
                    .isEqualTo(100);
            assertThat(metrics.value("catga_event_lag_seconds_bucket", "le=\"0.005\""))
                    .isLessThan(100);
            metrics.await(is(before + 100), "catga_stream_messages", "stream=\"CATGA_EVENTS\"");
            assertThat(metrics.value("catga_stream_has_leader", "stream=\"CATGA_EVENTS\""))
                    .isEqualTo(1);
            assertThat(metrics.value("catga_stream_replicas_current", "stream=\"CATGA_EVENTS\""))
                    .isEqualTo(1);
            metrics.await(is(1), "catga_stream_has_leader", "stream=\"CATGA_DEAD_LETTERS\"");
        });
    }

    /** What other tests have published, as soon as it is known. */
    private static double orZero(TestMetrics metrics) {
        metrics.await(AbstractDoubleAssert::isNotNaN, "catga_stream_messages", "stream=\"CATGA_EVENTS\"");
        return metrics.value("catga_stream_messages", "stream=\"CATGA_EVENTS\"");
    }

    @Test
    void countEventsThatCameAgain() {
        receiving((context, metrics) -> {
            may.countDown();
            double before = metrics.value("catga_events_redelivered_total");

            publish(context, new Told(true));

            metrics.await(is(before + 1), "catga_events_redelivered_total");
        });
    }

    @Test
    void areNotThereWhereNothingIsTaken() {
        application().run(context -> {
            assertThat(context).hasNotFailed();
            TestMetrics metrics = new TestMetrics(context.getBean(PrometheusMeterRegistry.class));
            assertThat(metrics.scrape())
                    .contains("catga_nats_connected")
                    .doesNotContain("inflight", "pending", "catga_event_lag", "catga_stream");
        });
    }
}
