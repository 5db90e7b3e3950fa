package io.catga.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.catga.CatgaException;
import io.catga.Command;
import io.catga.CommandHandler;
import io.catga.DefaultMediator;
import io.catga.ErrorCode;
import io.catga.Event;
import io.catga.EventHandler;
import io.catga.Mediator;
import io.catga.MediatorBuilder;
import io.catga.MessageCatalog;
import io.catga.MessageOptions;
import io.catga.MessageType;
import io.catga.Result;
import io.catga.codec.JacksonCodec;
import io.catga.store.InMemoryStateStore;
import io.catga.store.Outbox;
import io.catga.store.OutboxRelay;
import io.catga.store.UnitOfWork;
import io.catga.transport.EventBus;
import io.catga.transport.InMemoryNetwork;
import io.catga.transport.WireMessage;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.otel.bridge.OtelCurrentTraceContext;
import io.micrometer.tracing.otel.bridge.OtelPropagator;
import io.micrometer.tracing.otel.bridge.OtelTracer;
import io.micrometer.tracing.propagation.Propagator;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.propagation.ContextPropagators;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.EventData;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a person sees in a trace, with the tracer that applications have. */
class TracesTest {

    private static final Duration GRACE = Duration.ofSeconds(5);

    @MessageType("traces.place")
    record Place(String what) implements Command<String> {}

    @MessageType("traces.placed")
    record Placed(String what) implements Event {}

    /** A system with groups and subjects, as NATS is one. */
    private static final class Postal implements MessagingNames {
        @Override
        public String system() {
            return "postal";
        }

        @Override
        public String client() {
            return "client-1";
        }

        @Override
        public String requestDestination(String type) {
            return "ask." + type;
        }

        @Override
        public String eventDestination(String type) {
            return "tell." + type;
        }

        @Override
        public Optional<String> requestGroup() {
            return Optional.of("clerks");
        }

        @Override
        public Optional<String> eventGroup() {
            return Optional.of("reader-1");
        }
    }

    private final InMemorySpanExporter exported = InMemorySpanExporter.create();
    private final SdkTracerProvider provider = SdkTracerProvider.builder()
            .addSpanProcessor(SimpleSpanProcessor.create(exported))
            .build();
    private final io.opentelemetry.api.trace.Tracer otel = provider.get("test");
    private final Tracer tracer = new OtelTracer(otel, new OtelCurrentTraceContext(), any -> {});
    private final Propagator propagator =
            new OtelPropagator(ContextPropagators.create(W3CTraceContextPropagator.getInstance()), otel);
    private final InMemoryStateStore store = new InMemoryStateStore(Clock.systemUTC(), Duration.ofSeconds(10));
    private final UnitOfWork work = new UnitOfWork(store, new JacksonCodec(), Clock.systemUTC(), Duration.ofHours(1));

    @AfterEach
    void close() {
        provider.close();
    }

    private MediatorBuilder builder() {
        return Mediator.builder()
                .catalog(MessageCatalog.of(Place.class, Placed.class))
                .messagingNames(new Postal())
                .tracing(tracer, propagator);
    }

    private SpanData only(String name) {
        List<SpanData> found = named(name);
        assertThat(found).as(name).hasSize(1);
        return found.getFirst();
    }

    private List<SpanData> named(String name) {
        return exported.getFinishedSpanItems().stream()
                .filter(span -> span.getName().equals(name))
                .toList();
    }

    private static @Nullable String text(SpanData span, String attribute) {
        return span.getAttributes().get(AttributeKey.stringKey(attribute));
    }

    private static @Nullable Long number(SpanData span, String attribute) {
        return span.getAttributes().get(AttributeKey.longKey(attribute));
    }

    private static @Nullable Boolean flag(SpanData span, String attribute) {
        return span.getAttributes().get(AttributeKey.booleanKey(attribute));
    }

    /** Over a network, as bytes; a sender and a handler in one trace. */
    private Mediator overANetwork(CommandHandler<Place, String> handler) {
        InMemoryNetwork network = new InMemoryNetwork(Clock.systemUTC(), 3, Duration.ofMillis(1));
        network.join("service", builder().handler(Place.class, handler).build());
        return builder()
                .requestTransport(network.requests())
                .eventBus(network.events())
                .build();
    }

    @Test
    void aRequestOverATransportHasTheAttributesOfTheConventionsOnEitherSide() {
        Mediator sender = overANetwork((command, context) -> Result.success("done"));

        sender.send(new Place("x"), MessageOptions.defaults().withIdempotencyKey("key-1"));

        SpanData sent = only("send Place");
        SpanData handled = only("process Place");
        assertThat(handled.getParentSpanId()).isEqualTo(sent.getSpanId());
        assertThat(handled.getTraceId()).isEqualTo(sent.getTraceId());
        assertThat(sent.getKind()).isEqualTo(SpanKind.CLIENT);
        assertThat(handled.getKind()).isEqualTo(SpanKind.SERVER);
        assertThat(List.of(sent, handled)).allSatisfy(span -> {
            assertThat(text(span, "messaging.system")).isEqualTo("postal");
            assertThat(text(span, "messaging.destination.name")).isEqualTo("ask.traces.place");
            assertThat(text(span, "messaging.message.id")).isEqualTo("key-1");
            assertThat(text(span, "messaging.message.conversation_id")).isEqualTo("key-1");
            assertThat(text(span, "messaging.client.id")).isEqualTo("client-1");
        });
        assertThat(text(sent, "messaging.operation.type")).isEqualTo("send");
        assertThat(text(handled, "messaging.operation.type")).isEqualTo("process");
        assertThat(text(sent, "messaging.consumer.group.name")).isNull();
        assertThat(text(handled, "messaging.consumer.group.name")).isEqualTo("clerks");
    }

    @Test
    void aPublishedEventIsASendByItsTypeAndAPublishByItsName() {
        overANetwork((command, context) -> Result.success("done")).publish(new Placed("x"));

        SpanData published = only("publish Placed");
        assertThat(published.getKind()).isEqualTo(SpanKind.PRODUCER);
        assertThat(text(published, "messaging.operation.name")).isEqualTo("publish");
        assertThat(text(published, "messaging.operation.type")).isEqualTo("send");
        assertThat(text(published, "messaging.destination.name")).isEqualTo("tell.traces.placed");
    }

    @Test
    void aMessageThatStaysInItsProcessIsOfNoTransport() {
        builder()
                .handler(Place.class, (CommandHandler<Place, String>) (command, context) -> Result.success("done"))
                .build()
                .send(new Place("x"));

        SpanData handled = only("process Place");
        assertThat(text(handled, "messaging.system")).isEqualTo("catga");
        assertThat(text(handled, "messaging.destination.name")).isEqualTo("traces.place");
        assertThat(text(handled, "messaging.consumer.group.name")).isNull();
    }

    @Test
    void eachFurtherAttemptIsASpanWithItsReason() {
        AtomicInteger attempts = new AtomicInteger();
        Mediator mediator = builder()
                .retry(new RetryOptions(3, Duration.ofMillis(1), 1, Duration.ofMillis(1)))
                .handler(Place.class, (CommandHandler<Place, String>) (command, context) -> {
                    if (attempts.incrementAndGet() < 3) {
                        throw new CatgaException(ErrorCode.UNAVAILABLE, "not yet");
                    }
                    return Result.success("done");
                })
                .build();

        assertThat(mediator.send(new Place("x")).isSuccess()).isTrue();

        SpanData handled = only("process Place");
        List<SpanData> again = named("retry Place");
        assertThat(again).hasSize(2).allSatisfy(span -> {
            assertThat(span.getParentSpanId()).isEqualTo(handled.getSpanId());
            assertThat(text(span, "catga.retry.reason")).isEqualTo("UNAVAILABLE");
        });
        assertThat(again)
                .extracting(span -> number(span, "catga.retry.attempt"))
                .containsExactly(2L, 3L);
        assertThat(again).extracting(span -> text(span, "error.type")).containsExactly("UNAVAILABLE", null);
    }

    @Test
    void aMessageThatSucceedsAtOnceHasNoFurtherAttempts() {
        overANetwork((command, context) -> Result.success("done")).send(new Place("x"));

        assertThat(exported.getFinishedSpanItems())
                .extracting(SpanData::getName)
                .doesNotContain("retry Place");
    }

    @Test
    void aRedeliveredEventIsASpanAgainWithTheNumberOfItsDelivery() {
        AtomicInteger deliveries = new AtomicInteger();
        DefaultMediator consumer = Mediator.builder()
                .catalog(MessageCatalog.of(Placed.class))
                .messagingNames(new Postal())
                .tracing(tracer, propagator)
                .without(Stage.RETRY)
                .handler(Placed.class, (EventHandler<Placed>) (event, context) -> deliveries.incrementAndGet() == 1
                        ? Result.failure(ErrorCode.UNAVAILABLE, "not yet")
                        : Result.done())
                .build();
        WireMessage event = event("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");

        consumer.onEvent(event, 1, false);
        consumer.onEvent(event, 2, false);

        List<SpanData> received = named("process Placed");
        assertThat(received).hasSize(2).allSatisfy(span -> {
            assertThat(span.getTraceId()).isEqualTo("4bf92f3577b34da6a3ce929d0e0e4736");
            assertThat(span.getParentSpanId()).isEqualTo("00f067aa0ba902b7");
            assertThat(text(span, "messaging.consumer.group.name")).isEqualTo("reader-1");
        });
        assertThat(received)
                .extracting(span -> number(span, "catga.delivery.attempt"))
                .containsExactly(1L, 2L);
        assertThat(received).extracting(span -> text(span, "error.type")).containsExactly("UNAVAILABLE", null);
    }

    private static WireMessage event(String traceparent) {
        return new WireMessage(
                "traces.placed",
                "event-1",
                Map.of("traceparent", traceparent),
                new JacksonCodec().encode(new Placed("x")));
    }

    @Test
    void aReplayedCommandIsMarkedOnBothSidesAndTheFirstIsNot() {
        Mediator sender = overANetwork(committing());
        MessageOptions key = MessageOptions.defaults().withIdempotencyKey("key-1");

        sender.send(new Place("x"), key);
        sender.send(new Place("x"), key);

        assertThat(named("send Place"))
                .extracting(span -> flag(span, "catga.replayed"))
                .containsExactly(null, true);
        assertThat(named("process Place"))
                .extracting(span -> flag(span, "catga.replayed"))
                .containsExactly(null, true);
    }

    private CommandHandler<Place, String> committing() {
        return (command, context) ->
                work.commit(context, command.what(), UnaryOperator.identity(), List.of(new Placed(command.what())));
    }

    private static CompletableFuture<Void> confirmed() {
        return CompletableFuture.completedFuture(null);
    }

    private void relaying(EventBus bus) throws InterruptedException {
        relaying(store, bus);
    }

    private void relaying(Outbox outbox, EventBus bus) throws InterruptedException {
        OutboxRelay relay = new OutboxRelay(outbox, bus, tracer, propagator, new Postal(), Clock.systemUTC());
        relay.start();
        try {
            await().until(() -> store.backlog().size() == 0);
        } finally {
            relay.stop(GRACE);
        }
    }

    @Test
    void anEventOfTheOutboxIsPublishedInTheTraceOfItsHandlerWithTheTimeItWaited() throws Exception {
        Queue<WireMessage> published = new ConcurrentLinkedQueue<>();
        overANetwork(committing()).send(new Place("x"));
        SpanData handled = only("process Place");
        Duration waited = Duration.ofMillis(60);
        await().pollDelay(waited).until(() -> true);

        relaying(event -> {
            published.add(event);
            return confirmed();
        });

        SpanData publication = only("publish traces.placed");
        assertThat(publication.getTraceId()).isEqualTo(handled.getTraceId());
        assertThat(publication.getParentSpanId()).isEqualTo(handled.getSpanId());
        assertThat(publication.getKind()).isEqualTo(SpanKind.CLIENT);
        assertThat(text(publication, "messaging.destination.name")).isEqualTo("tell.traces.placed");
        assertThat(number(publication, "catga.outbox.waited_ms")).isBetween(waited.toMillis(), 60_000L);
        assertThat(published)
                .singleElement()
                .satisfies(event -> assertThat(event.headers().get("traceparent"))
                        .as("who receives it continues the handler's span")
                        .contains(handled.getSpanId()));
    }

    @Test
    void anAttemptThatTheBusDidNotConfirmIsAnEventOfTheOnePublication() throws Exception {
        AtomicInteger attempts = new AtomicInteger();
        overANetwork(committing()).send(new Place("x"));

        relaying(event -> attempts.incrementAndGet() == 1
                ? CompletableFuture.failedFuture(new CatgaException(ErrorCode.UNAVAILABLE, "no leader"))
                : confirmed());

        assertThat(only("publish traces.placed").getEvents())
                .extracting(EventData::getName)
                .containsExactly("not confirmed: UNAVAILABLE: no leader", "confirmed");
    }

    @Test
    void anEventThatIsPublishedOnceMoreAsItCouldNotBeRemovedShowsBothPublications() throws Exception {
        AtomicInteger removals = new AtomicInteger();
        Outbox forgetful = new Outbox() {
            @Override
            public List<Entry> take(int max, Duration wait) {
                return store.take(max, wait);
            }

            @Override
            public void remove(Collection<Entry> published) {
                if (removals.incrementAndGet() == 1) {
                    throw new CatgaException(ErrorCode.UNAVAILABLE, "no master");
                }
                store.remove(published);
            }

            @Override
            public Backlog backlog() {
                return store.backlog();
            }
        };
        overANetwork(committing()).send(new Place("x"));

        relaying(forgetful, event -> confirmed());

        assertThat(only("publish traces.placed").getEvents())
                .extracting(EventData::getName)
                .containsExactly("confirmed", "confirmed");
    }

    @Test
    void anEventThatCarriesNoTraceBeginsNone() throws Exception {
        builder()
                .without(Stage.TRACING)
                .handler(Place.class, committing())
                .build()
                .send(new Place("x"));

        relaying(event -> confirmed());

        assertThat(exported.getFinishedSpanItems()).isEmpty();
    }
}
