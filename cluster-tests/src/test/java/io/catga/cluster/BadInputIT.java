package io.catga.cluster;

import static io.catga.cluster.Orders.BALANCER;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

@ClusterTest
class BadInputIT {

    private static final String VALIDATION = "VALIDATION";
    private static final String UNREADABLE = "UNREADABLE";

    private static JsonNode problem(HttpResponse<String> response, int status, String code) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        assertThat(Orders.header(response, "Content-Type")).startsWith("application/problem+json");
        assertThat(response.body())
                .doesNotContain("Exception", "\tat ", "tools.jackson", "io.catga", "springframework");
        JsonNode problem = Orders.json(response);
        assertThat(problem.get("status").asInt()).isEqualTo(status);
        assertThat(problem.get("code").asString()).isEqualTo(code);
        assertThat(problem.get("traceId").asString()).matches("[0-9a-f]{32}");
        return problem;
    }

    static List<Arguments> bodiesWithBadFields() {
        return List.of(
                Arguments.of("{}", List.of("customerId", "items")),
                Arguments.of("{\"customerId\":\"c\",\"items\":[]}", List.of("items")),
                Arguments.of("{\"customerId\":\"c\",\"items\":null}", List.of("items")),
                Arguments.of("{\"customerId\":\"c\",\"items\":{}}", List.of("items")),
                Arguments.of("{\"customerId\":\"c\",\"items\":[null]}", List.of("items[0]")),
                Arguments.of(
                        "{\"customerId\":\" \",\"items\":[{}]}",
                        List.of("customerId", "items[0].price", "items[0].productId", "items[0].quantity")),
                Arguments.of(item("0", "100"), List.of("items[0].quantity")),
                Arguments.of(item("-1", "-5"), List.of("items[0].price", "items[0].quantity")),
                Arguments.of(item("1.5", "0"), List.of("items[0].price", "items[0].quantity")),
                Arguments.of(item("99999999999999999999", "1e400"), List.of("items[0].price", "items[0].quantity")),
                Arguments.of(item("10001", "1000000.01"), List.of("items[0].price", "items[0].quantity")),
                Arguments.of(item("1", "0.001"), List.of("items[0].price")),
                Arguments.of(item("\"many\"", "-1"), List.of("items[0].price", "items[0].quantity")),
                Arguments.of(item("[1,2]", "{\"a\":1}"), List.of("items[0].price", "items[0].quantity")),
                Arguments.of(
                        "{\"customerId\":\"" + "c".repeat(65) + "\",\"items\":[" + line("1", "1") + "]}",
                        List.of("customerId")),
                Arguments.of("{\"customerId\":\"a\\nb\",\"items\":[" + line("1", "1") + "]}", List.of("customerId")),
                Arguments.of(
                        "{\"customerId\":\"c\",\"items\":[" + (line("1", "1") + ",").repeat(100) + line("1", "1")
                                + "]}",
                        List.of("items")),
                Arguments.of("[]", List.of("body")),
                Arguments.of("\"text\"", List.of("body")));
    }

    private static String line(String quantity, String price) {
        return "{\"productId\":\"p\",\"quantity\":" + quantity + ",\"price\":" + price + "}";
    }

    private static String item(String quantity, String price) {
        return "{\"customerId\":\"c\",\"items\":[" + line(quantity, price) + "]}";
    }

    @ParameterizedTest
    @MethodSource("bodiesWithBadFields")
    void everyBadFieldIsNamedAtOnce(String body, List<String> fields) {
        JsonNode problem = problem(Orders.place(BALANCER, null, body), 400, VALIDATION);

        assertThat(problem.get("violations").findValuesAsString("field").stream()
                        .distinct()
                        .toList())
                .isEqualTo(fields);
    }

    @Test
    void malformedJsonIsAnsweredWithThePosition() {
        for (String body : List.of("{\"customerId\":", "{\"customerId\" \"c\"}", "not json", "{} {}", "\u0000")) {
            JsonNode problem = problem(Orders.place(BALANCER, null, body), 400, UNREADABLE);
            assertThat(problem.get("detail").asString()).as(body).matches(".*line 1, column \\d+.*");
        }
    }

    @Test
    void anEmptyBodyIsUnreadable() {
        problem(Orders.place(BALANCER, null, ""), 400, UNREADABLE);
        problem(Orders.place(BALANCER, null, "null"), 400, UNREADABLE);
    }

    @Test
    void unknownFieldsAreIgnored() {
        String body = "{\"customerId\":\"c\",\"coupon\":{\"x\":[1]},\"items\":[{\"productId\":\"p\",\"quantity\":1,"
                + "\"price\":\"2.50\",\"colour\":\"red\"}]}";

        HttpResponse<String> response = Orders.place(BALANCER, null, body);

        assertThat(response.statusCode()).isEqualTo(201);
        assertThat(Orders.json(response).get("totalAmount").decimalValue()).isEqualByComparingTo("2.50");
    }

    @Test
    void anOverlongKeyIsNamed() {
        JsonNode problem = problem(Orders.place(BALANCER, "k".repeat(256), Orders.body("c")), 400, VALIDATION);

        assertThat(problem.get("violations").findValuesAsString("field")).containsExactly("Idempotency-Key");
        assertThat(Orders.place(BALANCER, "k".repeat(200) + System.nanoTime(), Orders.body("c"))
                        .statusCode())
                .isEqualTo(201);
    }

    @Test
    void aBodyOverTheLimitIsTooLarge() {
        String large = Orders.body("c") + " ".repeat(70_000);

        problem(Orders.place(BALANCER, null, large), 413, VALIDATION);
        problem(
                Orders.send(HttpRequest.newBuilder(URI.create(Orders.direct(5001) + "/api/orders"))
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.fromPublisher(BodyPublishers.ofString(large)))),
                413,
                VALIDATION);
    }

    @Test
    void anUnknownOrderIsNotFound() {
        problem(Orders.get(BALANCER + "/api/orders/unknown"), 404, "NOT_FOUND");
        problem(Orders.post(BALANCER + "/api/orders/unknown/cancel"), 404, "NOT_FOUND");
    }

    @Test
    void anUnknownPathIsNotFound() {
        problem(Orders.get(BALANCER + "/api/nothing"), 404, "NOT_FOUND");
    }

    @Test
    void whatIsForOperatorsIsNotForCustomers() {
        HttpResponse<String> response = Orders.get(BALANCER + "/actuator/catga");

        assertThat(response.statusCode()).isEqualTo(404);
        assertThat(Orders.json(response).get("code").asString()).isEqualTo("NOT_FOUND");
        assertThat(Orders.get(Orders.direct(5001) + "/actuator/catga").statusCode())
                .isEqualTo(200);
    }

    @Test
    void aWrongMethodIsSaidSo() {
        HttpResponse<String> response = Orders.send(
                HttpRequest.newBuilder(URI.create(BALANCER + "/api/orders")).DELETE());

        problem(response, 405, VALIDATION);
        assertThat(Orders.header(response, "Allow")).contains("POST");
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/plain", "multipart/form-data", "multipart/form-data; boundary=x", "no/type at all"})
    void aWrongMediaTypeIsSaidSo(String type) {
        problem(
                Orders.send(HttpRequest.newBuilder(URI.create(BALANCER + "/api/orders"))
                        .header("Content-Type", type)
                        .POST(BodyPublishers.ofString("hello"))),
                415,
                UNREADABLE);
    }

    @Test
    void anAddressThatIsNoneIsUnreadable() {
        problem(Orders.get(BALANCER + "/api/orders/a%2Fb"), 400, UNREADABLE);
        problem(Orders.get(BALANCER + "/api/orders/a%00b"), 400, UNREADABLE);
    }

    @Test
    void longHeadersArePassedOnAndTooLongOnesRefused() {
        assertThat(withHeaderOf(7_000).statusCode()).isEqualTo(200);
        problem(withHeaderOf(40_000), 400, UNREADABLE);
    }

    private static HttpResponse<String> withHeaderOf(int length) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(BALANCER + "/api/orders?limit=1"))
                .GET();
        for (int i = 0; i < length; i += 1_000) {
            request.header("X-Large-" + i, "x".repeat(1_000));
        }
        return Orders.send(request);
    }

    @Test
    void parametersWithoutAValueSayNothing() {
        HttpResponse<String> all = Orders.get(BALANCER + "/api/orders?customerId=&cursor=&limit=1");

        assertThat(all.statusCode()).as(all.body()).isEqualTo(200);
    }

    @Test
    void aPageSizeOutOfRangeIsNamed() {
        for (String limit : List.of("0", "101", "-1", "many", "99999999999")) {
            JsonNode problem = problem(Orders.get(BALANCER + "/api/orders?limit=" + limit), 400, VALIDATION);
            assertThat(problem.get("violations").findValuesAsString("field")).containsExactly("limit");
        }
    }

    @Test
    void aTimeThatTheClientWaitsBoundsAllHops() {
        problem(withTimeout("soon"), 400, VALIDATION);
        problem(withTimeout("1ms"), 504, "DEADLINE_EXCEEDED");
        assertThat(withTimeout("4s").statusCode()).isEqualTo(201);
    }

    private static HttpResponse<String> withTimeout(String timeout) {
        return Orders.send(HttpRequest.newBuilder(URI.create(BALANCER + "/api/orders"))
                .header("Content-Type", "application/json")
                .header("X-Request-Timeout", timeout)
                .POST(BodyPublishers.ofString(Orders.body("c"))));
    }

    @Test
    void notificationsOfNoOrderAreAskedForByName() {
        JsonNode problem = problem(Orders.get(BALANCER + "/api/notifications"), 400, VALIDATION);

        assertThat(problem.get("violations").findValuesAsString("field")).containsExactly("orderId");
    }
}
