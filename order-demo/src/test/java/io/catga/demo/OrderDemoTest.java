package io.catga.demo;

import static io.catga.demo.OrderClient.body;
import static io.catga.demo.OrderClient.header;
import static io.catga.demo.OrderClient.idOf;
import static io.catga.demo.OrderClient.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.test.web.server.LocalServerPort;
import tools.jackson.databind.JsonNode;

/** The whole way of an order, from HTTP to the notification, with the classes of the cluster in one process. */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
@ExtendWith(OutputCaptureExtension.class)
class OrderDemoTest {

    @LocalServerPort
    private int port;

    @SuppressWarnings("NullAway.Init") // before each test
    private OrderClient orders;

    private final String customer = "customer-" + UUID.randomUUID();

    @BeforeEach
    void connect() {
        orders = OrderClient.on(port);
    }

    @AfterEach
    void disconnect() {
        orders.close();
    }

    /** Moments, unless the machine is busy. */
    private static ConditionFactory soon() {
        return await().atMost(Duration.ofSeconds(30));
    }

    @Test
    void anOrderIsCreatedWithEverythingThatTheContractNames() {
        HttpResponse<String> response = orders.place(customer);

        assertThat(response.statusCode()).isEqualTo(201);
        JsonNode order = json(response);
        assertThat(order.propertyNames())
                .containsExactly("orderId", "customerId", "items", "totalAmount", "status", "createdAt");
        assertThat(order.get("customerId").asString()).isEqualTo(customer);
        assertThat(order.get("totalAmount").decimalValue()).isEqualByComparingTo("200");
        assertThat(order.get("status").asString()).isEqualTo("CREATED");
        assertThat(header(response, "Location")).isEqualTo("/api/orders/" + idOf(response));
        assertThat(header(response, "X-Served-By")).isEqualTo("order-demo");
        assertThat(header(response, "X-Handled-By")).isEqualTo("order-demo");
        assertThat(header(response, "X-Trace-Id")).matches("[0-9a-f]{32}");
        assertThat(orders.get(header(response, "Location")).body()).isEqualTo(response.body());
    }

    @Test
    void theSameKeyAndBodyGetTheSameAnswer() {
        String key = UUID.randomUUID().toString();
        HttpResponse<String> first = orders.place(key, body(customer));
        HttpResponse<String> again = orders.place(key, body(customer));

        assertThat(first.statusCode()).isEqualTo(201);
        assertThat(header(first, "Idempotent-Replayed")).isEmpty();
        assertThat(again.statusCode()).isEqualTo(201);
        assertThat(header(again, "Idempotent-Replayed")).isEqualTo("true");
        assertThat(again.body()).isEqualTo(first.body());
        assertThat(orders.pagesOf(customer, 100)).containsExactly(List.of(idOf(first)));
    }

    @Test
    void theSameKeyWithAnotherBodyIsRefused() {
        String key = UUID.randomUUID().toString();
        orders.place(key, body(customer));

        HttpResponse<String> other = orders.place(key, body("somebody-else"));

        assertThat(other.statusCode()).isEqualTo(422);
        assertThat(json(other).get("code").asString()).isEqualTo("IDEMPOTENCY_MISMATCH");
    }

    @Test
    void theSameKeyFromManyAtOnceMakesOneOrder() throws Exception {
        String key = UUID.randomUUID().toString();
        List<String> bodies = new ArrayList<>();
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<HttpResponse<String>>> race = IntStream.range(0, 16)
                    .<Callable<HttpResponse<String>>>mapToObj(_ -> () -> orders.place(key, body(customer)))
                    .toList();
            for (Future<HttpResponse<String>> answer : clients.invokeAll(race)) {
                assertThat(answer.get().statusCode()).isEqualTo(201);
                bodies.add(answer.get().body());
            }
        }

        assertThat(bodies).hasSize(16).containsOnly(bodies.getFirst());
        assertThat(orders.pagesOf(customer, 100).getFirst()).hasSize(1);
    }

    @Test
    void everyBadFieldIsNamedAtOnce() {
        HttpResponse<String> response = orders.post("/api/orders", """
                {"customerId":"","items":[{"productId":"p-1","quantity":0,"price":"free"},{"quantity":1,"price":-1}]}""");

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(header(response, "Content-Type")).isEqualTo("application/problem+json");
        JsonNode problem = json(response);
        assertThat(problem.get("code").asString()).isEqualTo("VALIDATION");
        assertThat(problem.findValuesAsString("field"))
                .containsExactly(
                        "customerId", "items[0].price", "items[0].quantity", "items[1].price", "items[1].productId");
    }

    @Test
    void ordersAreListedNewestFirstPageByPage() {
        List<String> placed = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            placed.addFirst(idOf(orders.place(customer)));
        }

        assertThat(orders.pagesOf(customer, 2))
                .containsExactly(placed.subList(0, 2), placed.subList(2, 4), placed.subList(4, 5));
    }

    @Test
    void cancellingTwiceGivesTheSameBody() {
        String id = idOf(orders.place(customer));

        HttpResponse<String> first = orders.cancel(id);
        HttpResponse<String> second = orders.cancel(id);

        assertThat(first.statusCode()).isEqualTo(200);
        assertThat(json(first).get("status").asString()).isEqualTo("CANCELLED");
        assertThat(second.statusCode()).isEqualTo(200);
        assertThat(second.body()).isEqualTo(first.body());
        assertThat(orders.get("/api/orders/" + id).body()).isEqualTo(first.body());
    }

    @Test
    void anUnknownOrderIsNotFound() {
        assertThat(orders.get("/api/orders/unknown").statusCode()).isEqualTo(404);
        assertThat(orders.cancel("unknown").statusCode()).isEqualTo(404);
    }

    /** A consumer gets its events in their order, so when the last one is there, what came before has ended. */
    @Test
    void everyEventIsReceivedAndNotifiedOnce(CapturedOutput output) {
        String key = UUID.randomUUID().toString();
        String id = idOf(orders.place(key, body(customer)));
        orders.place(key, body(customer));
        orders.cancel(id);
        orders.cancel(id);
        String last = idOf(orders.place(customer));
        soon().until(() -> !orders.notificationsOf(last).isEmpty());

        assertThat(orders.notificationsOf(id)).containsExactly("OrderCreatedEvent", "OrderCancelledEvent");
        assertThat(output.getOut().lines())
                .filteredOn(line -> line.contains(id))
                .hasSize(2)
                .satisfiesExactly(
                        line -> assertThat(line)
                                .contains("[order-demo] Received event: OrderCreatedEvent [OrderId=" + id + ']'),
                        line -> assertThat(line)
                                .contains("[order-demo] Received event: OrderCancelledEvent [OrderId=" + id + ']'));
        assertThat(output.getOut().lines())
                .filteredOn(
                        line -> line.contains("[order-demo] Handling command: CreateOrderCommand [MessageId=" + key))
                .hasSize(2);
    }

    @Test
    void theTraceOfARequestGoesOnToItsNotification(CapturedOutput output) {
        HttpResponse<String> placed = orders.place(customer);
        String id = idOf(placed);
        soon().until(() -> !orders.notificationsOf(id).isEmpty());

        soon().untilAsserted(() -> assertThat(output.getOut().lines())
                .anyMatch(line -> line.contains("Received event: OrderCreatedEvent [OrderId=" + id)
                        && line.contains("trace=" + header(placed, "X-Trace-Id"))));
    }

    @Test
    void theHistoryOfAnOrderSaysWhoDidWhat() {
        String key = UUID.randomUUID().toString();
        HttpResponse<String> placed = orders.place(key, body(customer));
        String id = idOf(placed);
        orders.place(key, body(customer));
        HttpResponse<String> cancelled = orders.cancel(id);
        orders.cancel(id);
        soon().until(() -> orders.notificationsOf(id).size() == 2);

        JsonNode history = json(orders.get("/api/orders/" + id + "/history"));

        assertThat(history.get("orderId").asString()).isEqualTo(id);
        assertThat(history.get("status").asString()).isEqualTo("CANCELLED");
        assertThat(history.get("unknown")).isEmpty();
        assertThat(history.get("changes").findValuesAsString("status")).containsExactly("CREATED", "CANCELLED");
        for (JsonNode change : history.get("changes")) {
            assertThat(change.get("acceptedBy").asString()).isEqualTo("order-demo");
            assertThat(change.get("handledBy").asString()).isEqualTo("order-demo");
            assertThat(change.get("attempt").asInt()).isEqualTo(1);
            JsonNode event = change.get("event");
            assertThat(event.get("seenBy").findValuesAsString("instance")).containsExactly("order-demo");
            assertThat(event.get("deadLetters")).isEmpty();
            assertThat(List.of(
                            Instant.parse(change.get("acceptedAt").asString()),
                            Instant.parse(change.get("storedAt").asString()),
                            Instant.parse(event.get("publishedAt").asString()),
                            Instant.parse(event.get("seenBy").get(0).get("at").asString())))
                    .isSorted();
        }
        JsonNode made = history.get("changes").get(0);
        assertThat(made.get("messageId").asString()).isEqualTo(key);
        assertThat(made.get("traceId").asString()).isEqualTo(header(placed, "X-Trace-Id"));
        assertThat(history.get("changes").get(1).get("traceId").asString()).isEqualTo(header(cancelled, "X-Trace-Id"));
    }

    @Test
    void theHistoryOfAnUnknownOrderIsNotFound() {
        assertThat(orders.get("/api/orders/unknown/history").statusCode()).isEqualTo(404);
        assertThat(orders.get("/api/orders/history?id=unknown").statusCode()).isEqualTo(404);
        assertThat(orders.get("/api/orders/history?id=").statusCode()).isEqualTo(400);
        assertThat(orders.get("/api/orders/history").statusCode()).isEqualTo(400);
    }

    /** Where Spring decided the type again, some of these were answered 500, and some with text that was called JSON. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    text/plain                             | text/plain
                    TEXT/PLAIN                             | text/plain
                    text/*                                 | text/plain
                    text/plain, application/json           | text/plain
                    application/json;q=0.5, text/plain     | text/plain
                    text/plain;q=0.1, application/json     | application/json
                    application/*                          | application/json
                    text/html, */*;q=0.8                   | application/json
                    */*                                    | application/json
                    """)
    void theHistoryIsTextOrJsonAsTheClientLikesBest(String accepted, String answered) {
        String id = idOf(orders.place(customer));

        for (String path : List.of("/api/orders/" + id + "/history", "/api/orders/history?id=" + id)) {
            HttpResponse<String> answer = orders.get(path, "Accept", accepted);
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(header(answer, "Content-Type")).startsWith(answered);
            assertThat(answer.body()).startsWith(answered.equals("text/plain") ? "order " + id : "{");
        }
        assertThat(orders.get("/api/orders/" + id + "/history", "Accept", "image/png")
                        .statusCode())
                .isEqualTo(406);
    }

    /** What an operator types, with whatever id there is; order-demo answers as the cluster does. */
    @Test
    void whereIsFindsAnOrderByEachOfItsIds() {
        String key = "key/with?special&characters=" + UUID.randomUUID();
        HttpResponse<String> placed = orders.place(key, body(customer));
        String id = idOf(placed);
        String trace = header(placed, "X-Trace-Id");
        soon().until(() -> !orders.notificationsOf(id).isEmpty());

        for (String any : List.of(id, key, trace)) {
            Script found = Script.run(port, any);
            assertThat(found.exitCode()).as(found.output()).isZero();
            assertThat(found.output().lines().map(String::strip))
                    .contains(
                            "order " + id + "  CREATED",
                            "message    " + key,
                            "trace      http://jaeger:1/trace/" + trace)
                    .anyMatch(line -> line.startsWith("accepted") && line.endsWith("order-demo"))
                    .anyMatch(line -> line.startsWith("stored"))
                    .anyMatch(line -> line.startsWith("published") && line.contains("OrderCreatedEvent"))
                    .anyMatch(line -> line.startsWith("seen") && line.endsWith("order-demo"));
        }
        assertThat(Script.run(port, "--json", key).json().get("orders").findValuesAsString("orderId"))
                .containsExactly(id);
    }

    @Test
    void whereIsEndsWithACodeThatSaysWhy() {
        assertThat(Script.run(port, "unknown")).satisfies(script -> {
            assertThat(script.exitCode()).isEqualTo(1);
            assertThat(script.output()).contains("not found");
        });
        assertThat(Script.run(port).exitCode()).isEqualTo(2);
        assertThat(Script.run(port, "one", "two").exitCode()).isEqualTo(2);
        assertThat(Script.run(port, "--unknown", "one").exitCode()).isEqualTo(2);
        assertThat(Script.run(port, "x".repeat(256)).exitCode()).isEqualTo(2);
        assertThat(Script.run(port, "--help").exitCode()).isZero();
        assertThat(Script.run(1, "one")).satisfies(script -> {
            assertThat(script.exitCode()).isEqualTo(2);
            assertThat(script.output()).contains("nobody answers at http://127.0.0.1:1");
        });
    }

    @Test
    void whoeverWatchesTheStreamSeesTheOrder() {
        List<String> lines = orders.watch("/api/notifications/stream");
        soon().until(() -> !lines.isEmpty());

        String id = idOf(orders.place(customer));

        soon().until(() -> lines.stream().anyMatch(line -> line.startsWith("data:") && line.contains(id)));
        assertThat(lines).contains("event:OrderCreatedEvent");
    }

    @Test
    void healthNamesWhatThereIs() {
        HttpResponse<String> health = orders.get("/health");

        assertThat(health.statusCode()).isEqualTo(200);
        assertThat(health.body())
                .isEqualTo("{\"status\":\"Healthy\",\"checks\":{\"Catga_Core_Health_Check\":\"Healthy\"}}");
        assertThat(orders.get("/actuator/health/readiness").statusCode()).isEqualTo(200);
        assertThat(orders.get("/actuator/health/liveness").statusCode()).isEqualTo(200);
    }

    @Test
    void theConsoleIsAtTheRootAndFindsEverythingInThisProcess() {
        HttpResponse<String> page = orders.get("/");
        JsonNode instances = json(orders.get("/api/instances")).get("instances");

        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.body()).contains("src=\"/console/console.js\"");
        assertThat(header(page, "Content-Security-Policy")).contains("default-src 'none'");
        assertThat(orders.get("/console/console.js").statusCode()).isEqualTo(200);
        assertThat(orders.get("/console/nothing.js").statusCode()).isEqualTo(404);
        assertThat(instances.findValuesAsString("service"))
                .containsExactly("order-api", "order-service", "notification-service");
        assertThat(instances.findValuesAsString("name")).containsOnly("order-demo");
        assertThat(instances.findValuesAsString("status")).containsOnly("Healthy");
    }

    @Test
    void theDocumentationOfTheInterfaceIsServed() {
        JsonNode document = json(orders.get("/v3/api-docs"));

        assertThat(orders.get("/swagger-ui/index.html").statusCode()).isEqualTo(200);
        assertThat(orders.get("/swagger-ui").statusCode()).isEqualTo(302);
        assertThat(document.get("info").get("title").asString()).isEqualTo("Orders");
        assertThat(document.get("paths").propertyNames())
                .contains(
                        "/api/orders",
                        "/api/orders/{orderId}/cancel",
                        "/api/orders/{orderId}/history",
                        "/api/orders/history",
                        "/api/notifications");
    }

    /** A request is counted where its outcome is decided, though sender and handler share the meters. */
    @Test
    void eachRequestIsCountedOnce() {
        double before = requests();

        orders.place(customer);

        assertThat(requests()).isEqualTo(before + 1);
    }

    private double requests() {
        return orders.get("/actuator/prometheus")
                .body()
                .lines()
                .filter(line -> line.startsWith("catga_requests_total{"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                .sum();
    }
}
