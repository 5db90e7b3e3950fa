package io.catga.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The HTTP contract from a client's side. */
final class Orders {

    static final String BALANCER = "http://127.0.0.1:8080";
    static final List<Integer> API_PORTS = List.of(5001, 5002, 5003);

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final HttpClient HTTP = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();

    private Orders() {}

    static String direct(int port) {
        return "http://127.0.0.1:" + port;
    }

    /** A customer that nobody else uses. */
    static String someCustomer() {
        return "customer-" + UUID.randomUUID();
    }

    static String body(String customer) {
        return """
                {"customerId":"%s","items":[{"productId":"p-1","quantity":2,"price":100}]}""".formatted(customer);
    }

    static HttpResponse<String> place(String base, @Nullable String key, String body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + "/api/orders"))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body));
        if (key != null) {
            request.header("Idempotency-Key", key);
        }
        return send(request);
    }

    static HttpResponse<String> place(String customer) {
        return place(BALANCER, null, body(customer));
    }

    static HttpResponse<String> get(String url) {
        return send(HttpRequest.newBuilder(URI.create(url)).GET());
    }

    static HttpResponse<String> post(String url) {
        return send(HttpRequest.newBuilder(URI.create(url)).POST(BodyPublishers.noBody()));
    }

    static HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return HTTP.send(request.timeout(Duration.ofSeconds(15)).build(), BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    static JsonNode json(HttpResponse<String> response) {
        return JSON.readTree(response.body());
    }

    static String header(HttpResponse<?> response, String name) {
        return response.headers().firstValue(name).orElse("");
    }

    static String idOf(HttpResponse<String> response) {
        return json(response).get("orderId").asString();
    }

    /** Every order of a customer, by walking through the pages. */
    static List<String> idsOf(String customer) {
        List<String> ids = new ArrayList<>();
        String cursor = "";
        do {
            HttpResponse<String> response = get(BALANCER + "/api/orders?limit=100&customerId=" + customer + cursor);
            if (response.statusCode() != 200) {
                throw new AssertionError("listing answered " + response.statusCode() + ": " + response.body());
            }
            JsonNode page = json(response);
            page.get("orders").forEach(order -> ids.add(order.get("orderId").asString()));
            JsonNode next = page.get("nextCursor");
            cursor = next == null || next.isNull() ? "" : "&cursor=" + next.asString();
        } while (!cursor.isEmpty());
        return ids;
    }
}
