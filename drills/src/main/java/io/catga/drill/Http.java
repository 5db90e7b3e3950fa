package io.catga.drill;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The cluster by HTTP, as any client sees it. Thread-safe. */
final class Http {

    static final JsonMapper JSON = JsonMapper.builder().build();

    /** Longer than anything that the cluster promises. */
    private static final Duration LIMIT = Duration.ofSeconds(15);

    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();

    private final String balancer;

    Http(String balancer) {
        this.balancer = balancer;
    }

    HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return client.send(request(balancer + path).GET().build(), BodyHandlers.ofString());
    }

    JsonNode json(String path) throws IOException, InterruptedException {
        return parse(get(path));
    }

    /** From another address than the balancer's. */
    JsonNode jsonAt(String address) throws IOException, InterruptedException {
        return parse(client.send(request(address).GET().build(), BodyHandlers.ofString()));
    }

    HttpResponse<String> placeOrder(@Nullable String key, String body) throws IOException, InterruptedException {
        HttpRequest.Builder request = request(balancer + "/api/orders")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body));
        if (key != null) {
            request.header("Idempotency-Key", key);
        }
        return client.send(request.build(), BodyHandlers.ofString());
    }

    private static HttpRequest.Builder request(String address) {
        return HttpRequest.newBuilder(URI.create(address)).timeout(LIMIT);
    }

    private static JsonNode parse(HttpResponse<String> response) throws IOException {
        if (response.statusCode() != 200) {
            throw new IOException("%s answered %d".formatted(response.uri(), response.statusCode()));
        }
        return JSON.readTree(response.body());
    }

    /** A field of an answer, or nothing where the answer is none of ours. */
    static String field(String body, String name) {
        try {
            return JSON.readTree(body).path(name).asString("");
        } catch (JacksonException e) {
            return "";
        }
    }

    static String header(HttpResponse<?> response, String name) {
        return response.headers().firstValue(name).orElse("");
    }
}
