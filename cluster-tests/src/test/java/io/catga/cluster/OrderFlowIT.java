package io.catga.cluster;

import static io.catga.cluster.Orders.BALANCER;
import static io.catga.cluster.Orders.header;
import static io.catga.cluster.Orders.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

@ClusterTest
class OrderFlowIT {

    @Test
    void anOrderIsCreatedWithEverythingThatTheContractNames() {
        HttpResponse<String> response = Orders.place("ada");

        assertThat(response.statusCode()).isEqualTo(201);
        JsonNode order = json(response);
        assertThat(order.propertyNames())
                .containsExactly("orderId", "customerId", "items", "totalAmount", "status", "createdAt");
        assertThat(order.get("customerId").asString()).isEqualTo("ada");
        assertThat(order.get("totalAmount").decimalValue()).isEqualByComparingTo("200");
        assertThat(order.get("status").asString()).isEqualTo("CREATED");
        assertThat(header(response, "Location")).isEqualTo("/api/orders/" + Orders.idOf(response));
        assertThat(header(response, "X-Served-By")).startsWith("cluster-order-api-");
        assertThat(header(response, "X-Handled-By")).startsWith("cluster-order-service-");
        assertThat(header(response, "X-Trace-Id")).matches("[0-9a-f]{32}");
        assertThat(header(response, "X-Request-Id")).isNotEmpty();
        assertThat(response.headers().firstValue("Content-Length"))
                .as("its instance sent it in one piece")
                .isPresent();
    }

    @Test
    void aFreshOrderIsReadableThroughEachInstanceAtOnce() {
        for (int i = 0; i < 20; i++) {
            String id = Orders.idOf(Orders.place("ada"));
            for (int port : Orders.API_PORTS) {
                HttpResponse<String> read = Orders.get(Orders.direct(port) + "/api/orders/" + id);
                assertThat(read.statusCode()).isEqualTo(200);
                assertThat(Orders.idOf(read)).isEqualTo(id);
            }
        }
    }

    @Test
    void theSameKeyAndBodyGetTheSameAnswerOnAnyInstance() {
        String key = UUID.randomUUID().toString();
        String body = Orders.body("ada");
        HttpResponse<String> first = Orders.place(Orders.direct(5001), key, body);

        HttpResponse<String> again = Orders.place(Orders.direct(5002), key, body);
        HttpResponse<String> quoted = Orders.place(BALANCER, '"' + key + '"', body);

        assertThat(first.statusCode()).isEqualTo(201);
        assertThat(header(first, "Idempotent-Replayed")).isEmpty();
        for (HttpResponse<String> repeated : List.of(again, quoted)) {
            assertThat(repeated.statusCode()).isEqualTo(201);
            assertThat(repeated.body()).isEqualTo(first.body());
            assertThat(header(repeated, "Idempotent-Replayed")).isEqualTo("true");
        }
    }

    @Test
    void theSameKeyWithAnotherBodyIsRefused() {
        String key = UUID.randomUUID().toString();
        Orders.place(BALANCER, key, Orders.body("ada"));

        HttpResponse<String> other = Orders.place(BALANCER, key, Orders.body("grace"));

        assertThat(other.statusCode()).isEqualTo(422);
        assertThat(json(other).get("code").asString()).isEqualTo("IDEMPOTENCY_MISMATCH");
    }

    @Test
    void theSameKeyRacedOnTwoInstancesMakesOneOrderAndOneBody() throws Exception {
        String customer = Orders.someCustomer();
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 50; i++) {
                String key = UUID.randomUUID().toString();
                List<Callable<HttpResponse<String>>> race = Stream.of(5001, 5002)
                        .<Callable<HttpResponse<String>>>map(
                                port -> () -> Orders.place(Orders.direct(port), key, Orders.body(customer)))
                        .toList();
                List<String> bodies = new ArrayList<>();
                for (Future<HttpResponse<String>> answer : clients.invokeAll(race)) {
                    assertThat(answer.get().statusCode()).isEqualTo(201);
                    bodies.add(answer.get().body());
                }
                assertThat(bodies.getFirst()).isEqualTo(bodies.getLast());
            }
        }
        assertThat(Orders.idsOf(customer)).hasSize(50).doesNotHaveDuplicates();
    }

    @Test
    void cancellingTwiceGivesTheSameBody() {
        String id = Orders.idOf(Orders.place("ada"));

        HttpResponse<String> first = Orders.post(BALANCER + "/api/orders/" + id + "/cancel");
        HttpResponse<String> second = Orders.post(BALANCER + "/api/orders/" + id + "/cancel");

        assertThat(first.statusCode()).isEqualTo(200);
        assertThat(json(first).get("status").asString()).isEqualTo("CANCELLED");
        assertThat(second.statusCode()).isEqualTo(200);
        assertThat(second.body()).isEqualTo(first.body());
    }

    @Test
    void ordersAreListedNewestFirstPageByPage() {
        String customer = Orders.someCustomer();
        List<String> placed = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            placed.addFirst(Orders.idOf(Orders.place(customer)));
        }
        JsonNode page = json(Orders.get(BALANCER + "/api/orders?limit=2&customerId=" + customer));

        assertThat(page.get("orders").findValuesAsString("orderId")).isEqualTo(placed.subList(0, 2));
        assertThat(page.get("nextCursor").isNull()).isFalse();
        assertThat(Orders.idsOf(customer)).isEqualTo(placed);
    }

    @Test
    void everyEventIsANotificationOfBothInstances() {
        String id = Orders.idOf(Orders.place("ada"));
        Orders.post(BALANCER + "/api/orders/" + id + "/cancel");

        await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> {
            JsonNode notifications = json(Orders.get(BALANCER + "/api/notifications?orderId=" + id))
                    .get("notifications");
            assertThat(notifications)
                    .extracting(n ->
                            n.get("type").asString() + " " + n.get("instance").asString())
                    .containsExactlyInAnyOrder(
                            "OrderCreatedEvent cluster-notification-service-1",
                            "OrderCreatedEvent cluster-notification-service-2",
                            "OrderCancelledEvent cluster-notification-service-1",
                            "OrderCancelledEvent cluster-notification-service-2");
        });
    }

    @Test
    void whoeverWatchesTheStreamSeesTheOrder() throws Exception {
        List<String> lines = new CopyOnWriteArrayList<>();
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpRequest request = HttpRequest.newBuilder(URI.create(BALANCER + "/api/notifications/stream"))
                    .build();
            HttpResponse<Stream<String>> response = client.send(request, HttpResponse.BodyHandlers.ofLines());
            assertThat(response.headers().firstValue("Content-Type"))
                    .hasValueSatisfying(type -> assertThat(type).startsWith("text/event-stream"));
            Thread.ofVirtual().start(() -> response.body().forEach(lines::add));
            await().until(() -> !lines.isEmpty());

            String id = Orders.idOf(Orders.place("ada"));

            await().atMost(Duration.ofSeconds(10))
                    .until(() -> lines.stream().anyMatch(line -> line.startsWith("data:") && line.contains(id)));
            client.shutdownNow();
        }
    }

    @Test
    void theDocumentationOfTheInterfaceIsServed() {
        HttpResponse<String> page = Orders.get(BALANCER + "/swagger-ui/index.html");
        HttpResponse<String> document = Orders.get(BALANCER + "/v3/api-docs");

        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(Orders.get(BALANCER + "/swagger-ui").statusCode()).isIn(200, 302);
        assertThat(json(document).get("paths").propertyNames()).contains("/api/orders", "/api/orders/{orderId}/cancel");
    }

    @Test
    void everyAppAnswersHealth() {
        HttpResponse<String> health = Orders.get(BALANCER + "/health");

        assertThat(health.statusCode()).isEqualTo(200);
        assertThat(health.body())
                .isEqualTo("{\"status\":\"Healthy\",\"checks\":{\"Catga_Core_Health_Check\":\"Healthy\","
                        + "\"NATS_Connection\":\"Healthy\",\"Redis_Connection\":\"Healthy\"}}");
        for (String container : Stream.of(Cluster.ORDER_SERVICES, Cluster.NOTIFICATION_SERVICES)
                .flatMap(List::stream)
                .toList()) {
            assertThat(Shell.docker("inspect", "-f", "{{.State.Health.Status}}", container)
                            .output()
                            .strip())
                    .isEqualTo("healthy");
        }
    }
}
