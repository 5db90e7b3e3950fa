package io.catga.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

@ClusterTest
class TraceIT {

    private static final Duration SOON = Duration.ofSeconds(30);
    /** Longer than an order takes where nothing happens. */
    private static final Duration LONG = Duration.ofMillis(400);

    @SuppressWarnings("NullAway.Init")
    private static URI exports;

    private record Recorded(String service, String metrics, Span span) {

        String name() {
            return service + ": " + span.getName();
        }

        private Optional<AnyValue> attribute(String key) {
            return span.getAttributesList().stream()
                    .filter(attribute -> attribute.getKey().equals(key))
                    .map(KeyValue::getValue)
                    .findFirst();
        }

        String text(String key) {
            return attribute(key).map(AnyValue::getStringValue).orElse("");
        }

        long number(String key) {
            return attribute(key).map(AnyValue::getIntValue).orElse(-1L);
        }

        boolean flag(String key) {
            return attribute(key).map(AnyValue::getBoolValue).orElse(false);
        }
    }

    @BeforeAll
    static void receive() {
        exports = URI.create(TraceReceiver.run());
    }

    @AfterAll
    static void stopReceiving() {
        TraceReceiver.remove();
    }

    @Test
    void anOrderIsOneTraceFromTheRequestToBothNotifications() {
        String id = Orders.header(Orders.place("ada"), "X-Trace-Id");

        await().atMost(SOON).untilAsserted(() -> {
            List<Recorded> trace = spansOf(id);
            Recorded root = only(trace, "OrderApi: POST /api/orders");
            Recorded sent = only(trace, "OrderApi: send CreateOrderCommand");
            Recorded handled = only(trace, "OrderService: process CreateOrderCommand");
            Recorded stored = only(trace, "OrderService: commit redis");
            List<Recorded> received = named(trace, "NotificationService: process OrderCreatedEvent");
            assertThat(root.span().getParentSpanId()).isEqualTo(ByteString.EMPTY);
            assertIsChild(sent, root);
            assertIsChild(handled, sent);
            assertIsChild(stored, handled);
            assertThat(received).hasSize(2).allSatisfy(span -> assertIsChild(span, handled));
        });
    }

    @Test
    void aTraceThatTheCallerBeganIsContinued() {
        String id = "4bf92f3577b34da6a3ce929d0e0e4736";
        HttpResponse<String> response = Orders.send(HttpRequest.newBuilder(URI.create(Orders.BALANCER + "/api/orders"))
                .header("Content-Type", "application/json")
                .header("traceparent", "00-" + id + "-00f067aa0ba902b7-01")
                .POST(HttpRequest.BodyPublishers.ofString(Orders.body("ada"))));

        assertThat(Orders.header(response, "X-Trace-Id")).isEqualTo(id);
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(HexFormat.of()
                                .formatHex(only(spansOf(id), "OrderApi: POST /api/orders")
                                        .span()
                                        .getParentSpanId()
                                        .toByteArray()))
                        .isEqualTo("00f067aa0ba902b7"));
    }

    /** Grafana's way from a span to the metrics of its application. */
    @Test
    void everySpanSaysWhichMetricsAreThoseOfItsApplication() {
        String id = Orders.header(Orders.place("ada"), "X-Trace-Id");

        await().atMost(SOON).untilAsserted(() -> {
            List<Recorded> trace = spansOf(id);
            assertThat(trace).extracting(Recorded::service).contains("OrderApi", "OrderService", "NotificationService");
            assertThat(trace)
                    .allSatisfy(recorded ->
                            assertThat(recorded.metrics().replace("-", "")).isEqualToIgnoringCase(recorded.service()));
        });
    }

    @Test
    void theTimeInTheOutboxIsInTheTraceOfTheOrder() {
        String id = Orders.header(Orders.place("ada"), "X-Trace-Id");

        await().atMost(SOON).untilAsserted(() -> {
            List<Recorded> trace = spansOf(id);
            Recorded publication = only(trace, "OrderService: publish orders.order-created");
            assertIsChild(publication, only(trace, "OrderService: process CreateOrderCommand"));
            assertThat(publication.number("catga.outbox.waited_ms")).isNotNegative();
            assertThat(publication.text("messaging.system")).isEqualTo("nats");
        });
    }

    @Test
    void anOrderThatIsPlacedAgainIsMarkedAsReplayedAndPublishesNothing() {
        String key = "trace-" + UUID.randomUUID();
        Orders.place(Orders.BALANCER, key, Orders.body("ada"));
        String again = Orders.header(Orders.place(Orders.BALANCER, key, Orders.body("ada")), "X-Trace-Id");

        await().atMost(SOON).untilAsserted(() -> {
            List<Recorded> trace = spansOf(again);
            assertThat(only(trace, "OrderApi: send CreateOrderCommand").flag("catga.replayed"))
                    .isTrue();
            assertThat(only(trace, "OrderService: process CreateOrderCommand").flag("catga.replayed"))
                    .isTrue();
            assertThat(named(trace, "OrderService: publish orders.order-created"))
                    .isEmpty();
        });
    }

    /** The paused instance is in its queue group until the server has noticed: some orders meet it first. */
    @Test
    void anOrderThatAnInstanceDidNotAnswerShowsItsFurtherAttempt() throws Exception {
        String paused = Cluster.ORDER_SERVICES.getFirst();
        List<String> traces;
        Shell.pause(paused);
        try {
            traces = placeAtOnce(30);
        } finally {
            Shell.docker("unpause", paused);
        }

        await().atMost(SOON)
                .untilAsserted(() -> assertThat(traces)
                        .anySatisfy(id -> assertThat(only(spansOf(id), "OrderApi: send CreateOrderCommand")
                                        .span()
                                        .getEventsList())
                                .extracting(Span.Event::getName)
                                .contains("attempt 2: no sign of the receiver")));
        Cluster.awaitHealthy();
    }

    /** What the server has sent to an instance that is cut off comes again when nobody has acknowledged it. */
    @Test
    void anEventThatIsDeliveredAgainSaysSo() throws Exception {
        String cutOff = Cluster.NOTIFICATION_SERVICES.getFirst();
        Queue<Placed> placed = placeDuring(sofar -> {
            // Sent is what was asked for just before; now and then the cut meets the pause between two such requests.
            int lost = 0;
            for (int cuts = 0; lost == 0 && cuts < 5; cuts++) {
                int before = sofar.size();
                await("orders are flowing").atMost(SOON).until(() -> sofar.size() >= before + 20);
                lost = eventsLostByCutting(cutOff);
            }
            assertThat(lost).as("events sent to who was cut off").isPositive();
        });

        Set<ByteString> traces = placed.stream()
                .map(order -> idOf(Orders.header(order.answer(), "X-Trace-Id")))
                .collect(Collectors.toSet());
        await().atMost(Cluster.RECOVERY)
                .untilAsserted(() -> assertThat(spans(span -> traces.contains(span.getTraceId())))
                        .filteredOn(span -> span.name().equals("NotificationService: process OrderCreatedEvent"))
                        .anySatisfy(span -> assertThat(span.number("catga.delivery.attempt"))
                                .isGreaterThan(1)));
        Cluster.awaitHealthy();
    }

    /** Whatever it meets on its way, it is one trace, and where it took long the trace says at what. */
    @Test
    void anOrderDuringAFailoverOfRedisIsOneTraceThatShowsWhereItWaited() throws Exception {
        Queue<Placed> placed = placeDuring(sofar -> {
            Shell.docker(
                    "exec", "cluster-sentinel-1", "/catga/cli.sh", "-p", "26379", "SENTINEL", "FAILOVER", "mymaster");
            await("some orders have waited for the new master")
                    .atMost(SOON)
                    .until(() -> sofar.stream().anyMatch(Placed::waited));
        });

        Placed slow = placed.stream().filter(Placed::waited).findFirst().orElseThrow();
        String id = Orders.header(slow.answer(), "X-Trace-Id");
        await().atMost(SOON).untilAsserted(() -> {
            List<Recorded> trace = spansOf(id);
            Recorded root = only(trace, "OrderApi: POST /api/orders");
            assertIsChild(only(trace, "OrderApi: send CreateOrderCommand"), root);
            assertThat(named(trace, "OrderService: process CreateOrderCommand")).isNotEmpty();
            assertThat(trace.stream().filter(TraceIT::tellsOfWaiting).toList())
                    .as("a span that tells where it waited, among %s", trace)
                    .isNotEmpty();
        });
        Cluster.awaitHealthy();
    }

    /** Until it has given up its connection to NATS: one that survives a cut would bring everything after all. */
    private static int eventsLostByCutting(String container) {
        long losses = told(container, "Lost the connection to NATS");
        long returns = told(container, "Reconnected to NATS");
        int lost;
        Shell.docker("network", "disconnect", Cluster.NETWORK, container);
        try {
            await("it has noticed").atMost(SOON).until(() -> told(container, "Lost the connection to NATS") > losses);
            lost = Nats.unacknowledged(container);
        } finally {
            Shell.docker("network", "connect", "--alias", "notification-service", Cluster.NETWORK, container);
        }
        await("it is back").atMost(Cluster.RECOVERY).until(() -> told(container, "Reconnected to NATS") > returns);
        return lost;
    }

    private static long told(String container, String message) {
        return Shell.docker("logs", container).lines().stream()
                .filter(line -> line.contains(message))
                .count();
    }

    private record Placed(HttpResponse<String> answer, Duration took) {

        boolean waited() {
            return answer.statusCode() == 201 && took.compareTo(LONG) > 0;
        }
    }

    /** What four clients placed, one order after the other, until this was over; it sees what there is so far. */
    private static Queue<Placed> placeDuring(Consumer<Queue<Placed>> event) throws Exception {
        Queue<Placed> placed = new ConcurrentLinkedQueue<>();
        AtomicBoolean over = new AtomicBoolean();
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> placing = new ArrayList<>();
            try {
                for (int i = 0; i < 4; i++) {
                    placing.add(clients.submit(() -> placeUntil(over, placed)));
                }
                event.accept(placed);
            } finally {
                over.set(true);
            }
            for (Future<?> client : placing) {
                client.get();
            }
        }
        return placed;
    }

    private static void placeUntil(AtomicBoolean over, Queue<Placed> placed) {
        while (!over.get()) {
            long begun = System.nanoTime();
            HttpResponse<String> answer = Orders.place("ada");
            placed.add(new Placed(answer, Duration.ofNanos(System.nanoTime() - begun)));
        }
    }

    private static boolean tellsOfWaiting(Recorded span) {
        boolean storeTookLong = span.name().equals("OrderService: commit redis")
                && span.span().getEndTimeUnixNano() - span.span().getStartTimeUnixNano()
                        > LONG.dividedBy(2).toNanos();
        boolean triedAgain = span.name().equals("OrderService: retry CreateOrderCommand")
                || span.span().getEventsList().stream()
                        .anyMatch(event -> event.getName().startsWith("attempt "));
        return storeTookLong || triedAgain;
    }

    /** The ids of their traces. */
    private static List<String> placeAtOnce(int count) throws Exception {
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<String>> placed = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                placed.add(clients.submit(() -> Orders.header(Orders.place("ada"), "X-Trace-Id")));
            }
            List<String> traces = new ArrayList<>();
            for (Future<String> one : placed) {
                traces.add(one.get());
            }
            return traces;
        }
    }

    private static void assertIsChild(Recorded child, Recorded parent) {
        assertThat(child.span().getParentSpanId())
                .as("%s is a child of %s", child.name(), parent.name())
                .isEqualTo(parent.span().getSpanId());
    }

    private static List<Recorded> named(List<Recorded> trace, String name) {
        return trace.stream().filter(span -> span.name().equals(name)).toList();
    }

    private static Recorded only(List<Recorded> trace, String name) {
        List<Recorded> found = named(trace, name);
        assertThat(found)
                .as("%s among %s", name, trace.stream().map(Recorded::name).toList())
                .hasSize(1);
        return found.getFirst();
    }

    private static ByteString idOf(String traceId) {
        return ByteString.copyFrom(HexFormat.of().parseHex(traceId));
    }

    private static List<Recorded> spansOf(String traceId) throws IOException, InterruptedException {
        ByteString wanted = idOf(traceId);
        return spans(span -> span.getTraceId().equals(wanted));
    }

    private static List<Recorded> spans(Predicate<Span> wanted) throws IOException, InterruptedException {
        List<Recorded> spans = new ArrayList<>();
        for (byte[] export : read()) {
            for (ResourceSpans resource : parse(export).getResourceSpansList()) {
                String service = attributeOf(resource, "service.name");
                String metrics = attributeOf(resource, "metrics.service");
                resource.getScopeSpansList().stream()
                        .flatMap(scope -> scope.getSpansList().stream())
                        .filter(wanted)
                        .forEach(span -> spans.add(new Recorded(service, metrics, span)));
            }
        }
        return spans;
    }

    private static ExportTraceServiceRequest parse(byte[] export) throws InvalidProtocolBufferException {
        return ExportTraceServiceRequest.parseFrom(export);
    }

    private static String attributeOf(ResourceSpans resource, String key) {
        Optional<String> value = resource.getResource().getAttributesList().stream()
                .filter(attribute -> attribute.getKey().equals(key))
                .map(attribute -> attribute.getValue().getStringValue())
                .findFirst();
        return value.orElse("nameless");
    }

    private static List<byte[]> read() throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            byte[] all = client.send(
                            HttpRequest.newBuilder(exports)
                                    .timeout(Duration.ofSeconds(10))
                                    .build(),
                            HttpResponse.BodyHandlers.ofByteArray())
                    .body();
            List<byte[]> read = new ArrayList<>();
            DataInputStream in = new DataInputStream(new ByteArrayInputStream(all));
            while (in.available() > 0) {
                read.add(in.readNBytes(in.readInt()));
            }
            return read;
        }
    }
}
