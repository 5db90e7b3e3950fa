package io.catga.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
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
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

@ClusterTest
class TraceIT {

    @SuppressWarnings("NullAway.Init")
    private static URI exports;

    private record Recorded(String service, String metrics, Span span) {

        String name() {
            return service + ": " + span.getName();
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

        await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
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
        await().atMost(Duration.ofSeconds(30))
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

        await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
            List<Recorded> trace = spansOf(id);
            assertThat(trace).extracting(Recorded::service).contains("OrderApi", "OrderService", "NotificationService");
            assertThat(trace)
                    .allSatisfy(recorded ->
                            assertThat(recorded.metrics().replace("-", "")).isEqualToIgnoringCase(recorded.service()));
        });
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

    private static List<Recorded> spansOf(String traceId) throws IOException, InterruptedException {
        ByteString wanted = ByteString.copyFrom(HexFormat.of().parseHex(traceId));
        List<Recorded> spans = new ArrayList<>();
        for (byte[] export : read()) {
            for (ResourceSpans resource : parse(export).getResourceSpansList()) {
                String service = attributeOf(resource, "service.name");
                String metrics = attributeOf(resource, "metrics.service");
                resource.getScopeSpansList().stream()
                        .flatMap(scope -> scope.getSpansList().stream())
                        .filter(span -> span.getTraceId().equals(wanted))
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
