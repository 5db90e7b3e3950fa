package io.catga.doctor;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A node of NATS, by its monitoring port.
 *
 * @param name          such as nats-1
 * @param health        ok, or what its health check says
 * @param routes        the nodes that it has a route to
 * @param metaLeader    who leads JetStream, in its eyes; empty: nobody
 * @param clusterSize   how many nodes JetStream counts
 * @param quorum        how many of them it needs
 * @param metaReplicas  the other nodes; only the leader knows how far they are
 * @param streams       the streams that it has a replica of
 * @param slowConsumers clients that were cut off since it started, as they read too slowly
 */
record NatsNode(
        String name,
        String version,
        String health,
        Set<String> routes,
        String metaLeader,
        int clusterSize,
        int quorum,
        List<Replica> metaReplicas,
        List<Stream> streams,
        long slowConsumers) {

    /** @param lag operations that it is behind */
    record Replica(String name, boolean current, boolean offline, long lag) {}

    record Stream(
            String name,
            String leader,
            List<Replica> others,
            int replicas,
            long bytes,
            long maxBytes,
            List<Consumer> consumers) {}

    /**
     * @param ackPending    events that it has delivered and that are not acknowledged
     * @param maxAckPending how many of them there may be
     * @param pending       events that it has not delivered yet
     * @param redelivered   events that it has delivered more than once, and that are not acknowledged
     * @param lastDelivery  when it delivered last; empty: never
     * @param seen          when this was looked up, by the clock of the node
     */
    record Consumer(
            String name,
            String leader,
            List<Replica> others,
            long ackPending,
            long maxAckPending,
            long pending,
            long redelivered,
            Optional<Instant> lastDelivery,
            Optional<Instant> seen) {}

    static NatsNode read(JsonNode varz, JsonNode routez, JsonNode jsz, JsonNode healthz) {
        Set<String> routes = new TreeSet<>();
        routez.path("routes")
                .forEach(route -> routes.add(route.path("remote_name").asString("")));
        JsonNode meta = jsz.path("meta_cluster");
        List<Stream> streams = new ArrayList<>();
        for (JsonNode account : jsz.path("account_details")) {
            account.path("stream_detail").forEach(stream -> streams.add(stream(stream)));
        }
        return new NatsNode(
                varz.path("server_name").asString(""),
                varz.path("version").asString(""),
                health(healthz),
                Set.copyOf(routes),
                meta.path("leader").asString(""),
                meta.path("cluster_size").asInt(0),
                meta.path("quorum_needed").asInt(meta.path("cluster_size").asInt(0) / 2 + 1),
                replicas(meta),
                List.copyOf(streams),
                varz.path("slow_consumers").asLong(0));
    }

    private static String health(JsonNode healthz) {
        String status = healthz.path("status").asString("unknown");
        String error = healthz.path("error").asString("");
        return error.isEmpty() ? status : error;
    }

    private static Stream stream(JsonNode stream) {
        List<Consumer> consumers = new ArrayList<>();
        stream.path("consumer_detail").forEach(consumer -> consumers.add(consumer(consumer)));
        return new Stream(
                stream.path("name").asString(""),
                stream.path("cluster").path("leader").asString(""),
                replicas(stream.path("cluster")),
                stream.path("config").path("num_replicas").asInt(1),
                stream.path("state").path("bytes").asLong(0),
                stream.path("config").path("max_bytes").asLong(-1),
                List.copyOf(consumers));
    }

    private static Consumer consumer(JsonNode consumer) {
        return new Consumer(
                consumer.path("name").asString(""),
                consumer.path("cluster").path("leader").asString(""),
                replicas(consumer.path("cluster")),
                consumer.path("num_ack_pending").asLong(0),
                consumer.path("config").path("max_ack_pending").asLong(-1),
                consumer.path("num_pending").asLong(0),
                consumer.path("num_redelivered").asLong(0),
                instant(consumer.path("delivered").path("last_active").asString(null)),
                instant(consumer.path("ts").asString(null)));
    }

    private static Optional<Instant> instant(@Nullable String text) {
        try {
            return text == null ? Optional.empty() : Optional.of(Instant.parse(text));
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    private static List<Replica> replicas(JsonNode cluster) {
        List<Replica> replicas = new ArrayList<>();
        cluster.path("replicas")
                .forEach(replica -> replicas.add(new Replica(
                        replica.path("name").asString(""),
                        replica.path("current").asBoolean(false),
                        replica.path("offline").asBoolean(false),
                        replica.path("lag").asLong(0))));
        return List.copyOf(replicas);
    }
}
