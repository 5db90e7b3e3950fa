package io.catga.demo;

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
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The order system from a client's side. */
record OrderClient(HttpClient http, String base) implements AutoCloseable {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    static OrderClient on(int port) {
        HttpClient http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(Duration.ofSeconds(5))
                .build();
        return new OrderClient(http, "http://127.0.0.1:" + port);
    }

    static String body(String customer) {
        return """
                {"customerId":"%s","items":[{"productId":"p-1","quantity":2,"price":100}]}""".formatted(customer);
    }

    HttpResponse<String> place(String customer) {
        return post("/api/orders", body(customer));
    }

    HttpResponse<String> place(String key, String body) {
        return post("/api/orders", body, "Idempotency-Key", key);
    }

    HttpResponse<String> cancel(String orderId) {
        return post("/api/orders/" + orderId + "/cancel", "");
    }

    HttpResponse<String> post(String path, String body, String... headers) {
        HttpRequest.Builder request = to(path).POST(BodyPublishers.ofString(body));
        if (!body.isEmpty()) {
            request.header("Content-Type", "application/json");
        }
        return send(headers.length == 0 ? request : request.headers(headers), BodyHandlers.ofString());
    }

    HttpResponse<String> get(String path, String... headers) {
        HttpRequest.Builder request = to(path);
        return send(headers.length == 0 ? request : request.headers(headers), BodyHandlers.ofString());
    }

    /** The lines of an endless answer, as they come; until the client is closed. */
    List<String> watch(String path) {
        List<String> lines = new CopyOnWriteArrayList<>();
        Stream<String> answer = send(to(path), BodyHandlers.ofLines()).body();
        Thread.ofVirtual().name("watch " + path).start(() -> {
            try (answer) {
                answer.forEach(lines::add);
            } catch (UncheckedIOException closed) {
                lines.add("closed");
            }
        });
        return lines;
    }

    /** Every order of a customer, page by page. */
    List<List<String>> pagesOf(String customer, int limit) {
        List<List<String>> pages = new ArrayList<>();
        String cursor = "";
        do {
            JsonNode page = json(get("/api/orders?customerId=" + customer + "&limit=" + limit + cursor));
            pages.add(page.get("orders").findValuesAsString("orderId"));
            JsonNode next = page.get("nextCursor");
            cursor = next.isNull() ? "" : "&cursor=" + next.asString();
        } while (!cursor.isEmpty());
        return pages;
    }

    /** The labels of the events that are notifications of an order, oldest first. */
    List<String> notificationsOf(String orderId) {
        return json(get("/api/notifications?orderId=" + orderId))
                .get("notifications")
                .findValuesAsString("type");
    }

    private HttpRequest.Builder to(String path) {
        return HttpRequest.newBuilder(URI.create(base + path)).timeout(Duration.ofMinutes(1));
    }

    private <T> HttpResponse<T> send(HttpRequest.Builder request, HttpResponse.BodyHandler<T> answer) {
        try {
            return http.send(request.build(), answer);
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

    /** Also ends what is being watched. */
    @Override
    public void close() {
        http.shutdownNow();
    }
}
