package io.catga.nats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.catga.Command;
import io.catga.CommandHandler;
import io.catga.DefaultMediator;
import io.catga.ErrorCode;
import io.catga.Event;
import io.catga.EventHandler;
import io.catga.Idempotent;
import io.catga.Mediator;
import io.catga.MediatorBuilder;
import io.catga.Message;
import io.catga.MessageCatalog;
import io.catga.MessageContext;
import io.catga.MessageOptions;
import io.catga.MessageType;
import io.catga.Query;
import io.catga.QueryHandler;
import io.catga.Request;
import io.catga.Result;
import io.catga.Unit;
import io.catga.codec.JacksonCodec;
import io.catga.pipeline.Behavior;
import io.catga.pipeline.ConcurrencyLimitOptions;
import io.catga.pipeline.Placement;
import io.catga.pipeline.RateLimitOptions;
import io.catga.pipeline.Stage;
import io.catga.pipeline.Step;
import io.catga.pipeline.Target;
import io.catga.store.InMemoryStateStore;
import io.catga.test.TransportCompatibilityKitNodes.Peer;
import io.catga.transport.EventBus;
import io.catga.transport.InMemoryNetwork;
import io.catga.transport.InboundMessages;
import io.catga.transport.RequestTransport;
import io.catga.transport.WireMessage;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.tracing.propagation.Propagator;
import io.micrometer.tracing.test.simple.SimpleTracer;
import jakarta.validation.Validation;
import jakarta.validation.Validator;
import jakarta.validation.constraints.NotBlank;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntFunction;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;

/**
 * Every behaviour, for every kind of message, over the in-memory network and over NATS: that it fires, seen by what it
 * does. With default settings, but for the rate limit, which has none, and the concurrency limit, which is high. One test
 * for each stage over one set of messages and handlers, hence its length.
 */
@Isolated
class PipelineMatrixTest {

    private static final Duration SOON = Duration.ofSeconds(15);
    private static final JacksonCodec CODEC = new JacksonCodec();
    private static final Validator VALIDATOR =
            Validation.buildDefaultValidatorFactory().getValidator();
    private static final MessageCatalog CATALOG = MessageCatalog.of(Ask.class, Tell.class, Look.class, Happened.class);

    enum Way {
        IN_MEMORY,
        NATS
    }

    enum Sort {
        COMMAND,
        COMMAND_WITHOUT_RESULT,
        QUERY,
        EVENT
    }

    @Idempotent
    @MessageType("matrix.ask")
    record Ask(@NotBlank String text) implements Command<String> {}

    @Idempotent
    @MessageType("matrix.tell")
    record Tell(@NotBlank String text) implements Command<Unit> {}

    @Idempotent
    @MessageType("matrix.look")
    record Look(@NotBlank String text) implements Query<String> {}

    @Idempotent
    @MessageType("matrix.happened")
    record Happened(@NotBlank String text) implements Event {}

    static Stream<Arguments> all() {
        return Arrays.stream(Way.values())
                .flatMap(way -> Arrays.stream(Sort.values()).map(sort -> Arguments.of(way, sort)));
    }

    /** Goes as the system's does, by as much ahead as a test says. */
    private static final class ShiftedClock extends Clock {

        private volatile Duration shift = Duration.ZERO;

        @Override
        public ZoneId getZone() {
            return ZoneId.of("UTC");
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return Clock.systemUTC().instant().plus(shift);
        }
    }

    /** Tells that a message came by. */
    private record Probe(Placement placement, Runnable onMessage) implements Behavior {
        @Override
        public Optional<Step> stepFor(Target target) {
            return Optional.of((context, next) -> {
                onMessage.run();
                return next.proceed(context);
            });
        }
    }

    private final class AskHandler implements CommandHandler<Ask, String> {
        @Override
        public Result<String> handle(Ask command, MessageContext context) {
            return react();
        }
    }

    private final class TellHandler implements CommandHandler<Tell, Unit> {
        @Override
        public Result<Unit> handle(Tell command, MessageContext context) {
            return react().map(any -> Unit.UNIT);
        }
    }

    private final class LookHandler implements QueryHandler<Look, String> {
        @Override
        public Result<String> handle(Look query, MessageContext context) {
            return react();
        }
    }

    private final class HappenedHandler implements EventHandler<Happened> {
        @Override
        public Result<Unit> handle(Happened event, MessageContext context) {
            return react().map(any -> Unit.UNIT);
        }
    }

    private final AtomicInteger handled = new AtomicInteger();
    private final AtomicReference<IntFunction<Result<String>>> reaction =
            new AtomicReference<>(call -> Result.success("done"));
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final SimpleTracer tracer = new SimpleTracer();
    private final List<Peer> peers = new ArrayList<>();
    private @Nullable InMemoryNetwork network;
    private @Nullable NatsOptions system;

    private Result<String> react() {
        return reaction.get().apply(handled.incrementAndGet());
    }

    private Peer join(Way way, String name) {
        Peer peer = way == Way.NATS ? joinNats(name) : joinMemory(name);
        peers.add(peer);
        return peer;
    }

    private Peer joinNats(String name) {
        if (system == null) {
            system = NatsTestServer.newSystem(List.of(NatsTestServer.shared().url()));
        }
        return NatsPeer.join(
                system.withConnectionName(name).withEvents(system.events().withConsumer(name)));
    }

    private Peer joinMemory(String name) {
        if (network == null) {
            network = new InMemoryNetwork(Clock.systemUTC(), 8, Duration.ofMillis(20));
        }
        InMemoryNetwork joined = network;
        return new Peer() {
            private @Nullable AutoCloseable membership;

            @Override
            public RequestTransport requests() {
                return joined.requests();
            }

            @Override
            public EventBus events() {
                return joined.events();
            }

            @Override
            public void receive(InboundMessages inbound) {
                membership = joined.join(name, inbound);
            }

            @Override
            public void leave() throws Exception {
                if (membership != null) {
                    membership.close();
                }
            }
        };
    }

    /** The side that handles. */
    private DefaultMediator server(Way way, UnaryOperator<MediatorBuilder> settings) throws Exception {
        Peer peer = join(way, "server");
        DefaultMediator server = settings.apply(Mediator.builder()
                        .instance("server")
                        .catalog(CATALOG)
                        .codec(CODEC)
                        .tracing(tracer, Propagator.NOOP)
                        .metrics(meters)
                        .validation(VALIDATOR)
                        .store(new InMemoryStateStore(Clock.systemUTC(), Duration.ofSeconds(30)))
                        .handler(new AskHandler())
                        .handler(new TellHandler())
                        .handler(new LookHandler())
                        .handler(new HappenedHandler()))
                .build();
        peer.receive(server);
        return server;
    }

    /** The side that sends, with as little as can be of its own. */
    private DefaultMediator client(Way way, UnaryOperator<MediatorBuilder> settings) {
        Peer peer = join(way, "client");
        return settings.apply(Mediator.builder()
                        .instance("client")
                        .catalog(CATALOG)
                        .codec(CODEC)
                        .requestTransport(peer.requests())
                        .eventBus(peer.events()))
                .build();
    }

    private DefaultMediator client(Way way) {
        return client(way, builder -> builder);
    }

    @AfterEach
    void leave() {
        try (ExecutorService leaving = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Peer peer : peers) {
                leaving.submit(() -> {
                    peer.leave();
                    return null;
                });
            }
        }
    }

    private static Message message(Sort sort, String text) {
        return switch (sort) {
            case COMMAND -> new Ask(text);
            case COMMAND_WITHOUT_RESULT -> new Tell(text);
            case QUERY -> new Look(text);
            case EVENT -> new Happened(text);
        };
    }

    private static String label(Sort sort) {
        return message(sort, "").getClass().getSimpleName();
    }

    private static Result<?> send(Mediator client, Sort sort, String text) {
        MessageOptions options = MessageOptions.defaults().withIdempotencyKey("key-" + System.nanoTime());
        return send(client, message(sort, text), options);
    }

    private static Result<?> send(Mediator client, Message message, MessageOptions options) {
        return message instanceof Event event
                ? client.publish(event, options)
                : client.exchange((Request<?>) message, options).result();
    }

    /** How often a message of a kind ended so where it was handled. */
    private double outcomes(Sort sort, String tag, String value) {
        return meters.get(sort == Sort.EVENT ? "catga.event.outcomes" : "catga.request.outcomes")
                .tags("type", label(sort), tag, value)
                .counter()
                .count();
    }

    private void awaitOutcome(Sort sort, String tag, String value) {
        await(value)
                .atMost(SOON)
                .untilAsserted(() -> assertThat(outcomes(sort, tag, value)).isPositive());
    }

    @ParameterizedTest
    @MethodSource("all")
    void allStandInTheDocumentedOrderOnBothSides(Way way, Sort sort) throws Exception {
        List<String> sending = Collections.synchronizedList(new ArrayList<>());
        List<String> handling = Collections.synchronizedList(new ArrayList<>());
        server(way, builder -> probed(builder, handling));

        send(client(way, builder -> probed(builder, sending)), sort, "text");

        List<String> stages = Arrays.stream(Stage.values()).map(Stage::name).toList();
        await().atMost(SOON).until(() -> handled.get() == 1);
        assertThat(sending).isEqualTo(stages);
        assertThat(handling).isEqualTo(stages);
    }

    private static MediatorBuilder probed(MediatorBuilder builder, List<String> passed) {
        for (Stage stage : Stage.values()) {
            builder.behavior(new Probe(Placement.before(stage), () -> passed.add(stage.name())));
        }
        return builder;
    }

    @ParameterizedTest
    @MethodSource("all")
    void tracingMakesASpan(Way way, Sort sort) throws Exception {
        server(way, builder -> builder);

        send(client(way), sort, "text");

        await().atMost(SOON)
                .untilAsserted(() -> assertThat(tracer.getSpans())
                        .extracting(span -> span.getName())
                        .containsExactly("process " + label(sort)));
    }

    @ParameterizedTest
    @MethodSource("all")
    void metricsCountTheMessageByItsOutcome(Way way, Sort sort) throws Exception {
        server(way, builder -> builder);

        send(client(way), sort, "text");

        awaitOutcome(sort, "outcome", "success");
    }

    @ParameterizedTest
    @MethodSource("all")
    void loggingWritesALine(Way way, Sort sort) throws Exception {
        Logger messages = (Logger) LoggerFactory.getLogger("io.catga.messages");
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        lines.start();
        messages.setLevel(Level.INFO);
        messages.addAppender(lines);
        try {
            server(way, builder -> builder);

            send(client(way), sort, "text");

            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(List.copyOf(lines.list))
                            .extracting(ILoggingEvent::getFormattedMessage)
                            .anyMatch(line -> line.startsWith("[server] ") && line.contains(label(sort))));
        } finally {
            messages.detachAppender(lines);
            messages.setLevel(Level.ERROR);
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void validationRefusesWhatBreaksAConstraint(Way way, Sort sort) throws Exception {
        server(way, builder -> builder);

        send(client(way), sort, " ");

        awaitOutcome(sort, "code", "VALIDATION");
        assertThat(handled).hasValue(0);
    }

    @ParameterizedTest
    @MethodSource("all")
    void theDeadlineRefusesWhatNobodyWaitsForAnyMore(Way way, Sort sort) throws Exception {
        ShiftedClock clock = new ShiftedClock();
        server(way, builder -> builder);
        Behavior sleepy = new Probe(Placement.before(Stage.DEADLINE), () -> clock.shift = Duration.ofHours(1));

        Result<?> result = send(client(way, builder -> builder.clock(clock).behavior(sleepy)), sort, "text");

        assertThat(result)
                .isInstanceOfSatisfying(
                        Result.Failure.class,
                        failure -> assertThat(failure.error().code()).isEqualTo(ErrorCode.DEADLINE_EXCEEDED));
        assertThat(handled).hasValue(0);
    }

    @ParameterizedTest
    @MethodSource("all")
    void idempotencyHandlesOnceWhatComesTwice(Way way, Sort sort) throws Exception {
        DefaultMediator server = server(way, builder -> builder);
        Message message = message(sort, "text");
        String key = "key-" + System.nanoTime();
        DefaultMediator client = client(way);

        send(client, message, MessageOptions.defaults().withIdempotencyKey(key));
        await().atMost(SOON).until(() -> handled.get() == 1);
        awaitOutcome(sort, "outcome", "success");
        if (sort == Sort.EVENT) {
            // the buses drop what is published twice: as if the acknowledgement of the first delivery had been lost
            server.onEvent(new WireMessage("matrix.happened", key, Map.of(), CODEC.encode(message)), 2, false);
        } else {
            send(client, message, MessageOptions.defaults().withIdempotencyKey(key));
        }

        await().atMost(SOON).until(() -> outcomes(sort, "outcome", "success") == 2);
        assertThat(handled).hasValue(1);
    }

    @ParameterizedTest
    @MethodSource("all")
    void theRateLimitRefusesWhatIsTooMuch(Way way, Sort sort) throws Exception {
        server(way, builder -> builder.rateLimit(new RateLimitOptions(1, Duration.ofMinutes(1))));
        DefaultMediator client = client(way);

        send(client, sort, "first");
        send(client, sort, "second");

        awaitOutcome(sort, "code", "RATE_LIMITED");
        assertThat(handled).hasValue(1);
    }

    @ParameterizedTest
    @MethodSource("all")
    void theConcurrencyLimitRefusesWhatIsTooMuchAtOnce(Way way, Sort sort) throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        reaction.set(call -> {
            try {
                end.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return Result.success("done");
        });
        DefaultMediator server = server(way, builder -> builder.concurrencyLimit(new ConcurrencyLimitOptions(1)));
        DefaultMediator client = client(way);
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            clients.submit(() -> send(client, sort, "first"));
            await().atMost(SOON).until(() -> handled.get() == 1);
            if (sort == Sort.EVENT) {
                // the in-memory network gives a consumer one event at a time
                server.onEvent(
                        new WireMessage("matrix.happened", "second", Map.of(), CODEC.encode(message(sort, "second"))),
                        1,
                        false);
            } else {
                clients.submit(() -> send(client, sort, "second"));
            }

            awaitOutcome(sort, "code", "OVERLOADED");
            assertThat(handled).hasValue(1);
            end.countDown();
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void theBreakerStopsTryingWhatKeepsFailing(Way way, Sort sort) throws Exception {
        reaction.set(call -> Result.failure(ErrorCode.UNAVAILABLE, "not now"));
        server(way, builder -> builder);
        DefaultMediator client = client(way);

        for (int i = 0; i < 20; i++) {
            send(client, sort, "message " + i);
        }

        await("an open breaker").atMost(SOON).until(() -> handled.get() >= 20 * 3);
        assertThat(meters.get("catga.breaker.state")
                        .tags("type", label(sort), "side", "handler")
                        .gauge()
                        .value())
                .isPositive();
    }

    @ParameterizedTest
    @MethodSource("all")
    void retryTriesAgainUntilItSucceeds(Way way, Sort sort) throws Exception {
        reaction.set(call -> call < 3 ? Result.failure(ErrorCode.UNAVAILABLE, "not now") : Result.success("done"));
        server(way, builder -> builder);

        Result<?> result = send(client(way), sort, "text");

        assertThat(result.isSuccess()).isTrue();
        awaitOutcome(sort, "outcome", "success");
        assertThat(handled).hasValue(3);
        assertThat(meters.get("catga.retries")
                        .tags("type", label(sort), "side", "handler")
                        .counter()
                        .count())
                .isEqualTo(2);
    }
}
