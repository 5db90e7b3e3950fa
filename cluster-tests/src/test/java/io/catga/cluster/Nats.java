package io.catga.cluster;

import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;

/** What the servers themselves say, at the addresses that the README gives. */
final class Nats {

    private static final String MONITORING = "http://127.0.0.1:%d/jsz?consumers=true";
    private static final int FIRST_PORT = 8222;

    private Nats() {}

    /** Events that were sent to this instance, and that it has not acknowledged; only the consumer's leader knows. */
    static int unacknowledged(String consumer) {
        return IntStream.rangeClosed(1, Cluster.NATS.size())
                .boxed()
                .flatMap(node -> consumers(node)
                        .filter(its -> its.path("name").asString().equals(consumer))
                        .filter(its ->
                                its.path("cluster").path("leader").asString().equals("nats-" + node)))
                .mapToInt(its -> its.path("num_ack_pending").asInt())
                .findFirst()
                .orElseThrow(() -> new AssertionError("no leader of the consumer " + consumer));
    }

    private static Stream<JsonNode> consumers(int node) {
        JsonNode server = Orders.json(Orders.get(MONITORING.formatted(FIRST_PORT + node - 1)));
        return elements(server.path("account_details"))
                .flatMap(account -> elements(account.path("stream_detail")))
                .flatMap(stream -> elements(stream.path("consumer_detail")));
    }

    private static Stream<JsonNode> elements(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false);
    }
}
