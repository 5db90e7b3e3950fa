package io.catga.cluster;

import static io.catga.cluster.Orders.BALANCER;
import static io.catga.cluster.Orders.header;
import static io.catga.cluster.Orders.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Where is my order? */
@ClusterTest
class OrderHistoryIT {

    private static final Duration SOON = Duration.ofSeconds(30);
    private static final Duration SCRIPT = Duration.ofMinutes(1);

    private static JsonNode historyOf(String id) {
        HttpResponse<String> answer = Orders.get(BALANCER + "/api/orders/" + id + "/history");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return json(answer);
    }

    /** As soon as every instance has seen every event. */
    private static JsonNode wholeHistoryOf(String id) {
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(historyOf(id).get("changes"))
                        .allSatisfy(change -> assertThat(
                                        change.get("event").get("seenBy").findValuesAsString("instance"))
                                .containsExactlyInAnyOrderElementsOf(Cluster.NOTIFICATION_SERVICES)));
        return historyOf(id);
    }

    private static List<String> times(JsonNode change) {
        List<String> times = new ArrayList<>(List.of(
                change.get("acceptedAt").asString(),
                change.get("storedAt").asString(),
                change.get("event").get("publishedAt").asString()));
        times.addAll(change.get("event").get("seenBy").findValuesAsString("at"));
        return times;
    }

    @Test
    void itSaysWhoAcceptedHandledAndSawTheOrder() {
        Instant before = Instant.now();
        HttpResponse<String> placed = Orders.place(BALANCER, UUID.randomUUID().toString(), Orders.body("ada"));

        JsonNode history = wholeHistoryOf(Orders.idOf(placed));

        assertThat(history.get("status").asString()).isEqualTo("CREATED");
        assertThat(history.get("unknown")).isEmpty();
        assertThat(history.get("changes")).singleElement().satisfies(change -> {
            assertThat(change.get("acceptedBy").asString()).isEqualTo(header(placed, "X-Served-By"));
            assertThat(change.get("handledBy").asString()).isEqualTo(header(placed, "X-Handled-By"));
            assertThat(change.get("traceId").asString()).isEqualTo(header(placed, "X-Trace-Id"));
            assertThat(change.get("attempt").asInt()).isPositive();
            assertThat(times(change))
                    .allSatisfy(
                            time -> assertThat(Instant.parse(time)).isBetween(before.minusSeconds(1), Instant.now()));
            assertThat(change.get("event").get("deadLetters")).isEmpty();
        });
    }

    /** The second answer is the first one's, and so is the history. */
    @Test
    void aRepeatedRequestChangesNothingInIt() {
        String key = UUID.randomUUID().toString();
        HttpResponse<String> first = Orders.place(Orders.direct(5001), key, Orders.body("ada"));
        JsonNode before = wholeHistoryOf(Orders.idOf(first));

        HttpResponse<String> again = Orders.place(Orders.direct(5002), key, Orders.body("ada"));

        assertThat(header(again, "Idempotent-Replayed")).isEqualTo("true");
        assertThat(historyOf(Orders.idOf(first))).isEqualTo(before);
        assertThat(before.get("changes").get(0).get("acceptedBy").asString()).isEqualTo("cluster-order-api-1");
    }

    @Test
    void aCancelledOrderHasBothChanges() {
        HttpResponse<String> placed = Orders.place("ada");
        String id = Orders.idOf(placed);
        HttpResponse<String> cancelled = Orders.post(Orders.direct(5003) + "/api/orders/" + id + "/cancel");
        Orders.post(BALANCER + "/api/orders/" + id + "/cancel");

        JsonNode changes = wholeHistoryOf(id).get("changes");

        assertThat(changes.findValuesAsString("status")).containsExactly("CREATED", "CANCELLED");
        JsonNode second = changes.get(1);
        assertThat(second.get("acceptedBy").asString()).isEqualTo("cluster-order-api-3");
        assertThat(second.get("handledBy").asString()).isEqualTo(header(cancelled, "X-Handled-By"));
        assertThat(second.get("traceId").asString()).isEqualTo(header(cancelled, "X-Trace-Id"));
        assertThat(second.get("event").get("type").asString()).isEqualTo("OrderCancelledEvent");
    }

    @Test
    void anUnknownOrderHasNone() {
        assertThat(Orders.get(BALANCER + "/api/orders/unknown/history").statusCode())
                .isEqualTo(404);
    }

    /** Whoever asks where an order is, asks when something is broken. */
    @Test
    void itIsToldWithoutWhatCannotBeAsked() {
        String id = Orders.idOf(Orders.place("ada"));
        wholeHistoryOf(id);

        Cluster.without(Cluster.NOTIFICATION_SERVICES, () -> {
            JsonNode history = historyOf(id);
            assertThat(history.get("unknown")).extracting(JsonNode::asString).containsExactly("notifications");
            assertThat(history.get("changes").get(0).get("handledBy").asString())
                    .startsWith("cluster-order-service-");
        });

        Cluster.awaitHealthy();
        wholeHistoryOf(id);
    }

    /** One node goes on carrying requests, but no stream has a leader: asking for dead letters is waiting for nothing. */
    @Test
    void itIsToldWhileNobodyLeadsTheStreamOfTheDeadLetters() {
        String id = Orders.idOf(Orders.place("ada"));
        wholeHistoryOf(id);

        Cluster.without(
                List.of("cluster-nats-2", "cluster-nats-3"),
                () -> await().atMost(SOON)
                        .untilAsserted(
                                () -> assertThat(historyOf(id).get("unknown").valueStream())
                                        .extracting(JsonNode::asString)
                                        .contains("dead-letters")));

        Cluster.awaitHealthy();
        wholeHistoryOf(id);
    }

    @Test
    void whereIsFindsAnOrderByItsIdMessageKeyAndTrace() {
        String key = "a/key?with=signs&" + UUID.randomUUID();
        HttpResponse<String> placed = Orders.place(BALANCER, key, Orders.body("ada"));
        String id = Orders.idOf(placed);
        String trace = header(placed, "X-Trace-Id");
        HttpResponse<String> cancelled = Orders.post(BALANCER + "/api/orders/" + id + "/cancel");
        JsonNode history = wholeHistoryOf(id);
        // without a key of the client's, nginx has given the request one: its message id
        String messageId = history.get("changes").get(1).get("messageId").asString();

        for (String any : List.of(id, key, trace, messageId, header(cancelled, "X-Trace-Id"))) {
            assertThat(whereIs(any).expectSuccess(List.of("where-is.sh", any)).output())
                    .contains(
                            id,
                            key,
                            header(placed, "X-Served-By"),
                            header(placed, "X-Handled-By"),
                            "http://localhost:16686/trace/" + trace)
                    .contains(Cluster.NOTIFICATION_SERVICES);
            JsonNode found =
                    JsonMapper.builder().build().readTree(whereIs("--json", any).output());
            assertThat(found.get("orders")).containsExactly(history);
        }
    }

    private static Shell.Outcome whereIs(String... arguments) {
        return Shell.run(
                SCRIPT,
                Map.of("CATGA_URL", BALANCER),
                Stream.concat(Stream.of("./where-is.sh"), Stream.of(arguments)).toArray(String[]::new));
    }

    @Test
    void whereIsSaysByItsExitCodeWhatItFound() {
        Map<String, String> nowhere = Map.of("CATGA_URL", "http://127.0.0.1:1");

        assertThat(whereIs("unknown").exitCode()).isEqualTo(1);
        assertThat(whereIs().exitCode()).isEqualTo(2);
        assertThat(Shell.run(SCRIPT, nowhere, "./where-is.sh", "any").exitCode())
                .isEqualTo(2);
    }
}
