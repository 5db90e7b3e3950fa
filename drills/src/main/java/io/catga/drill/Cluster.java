package io.catga.drill;

import io.catga.drill.Containers.Container;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;

/** The running cluster: its containers, who of them leads, and how to make it whole again. */
final class Cluster {

    static final String NETWORK = "cluster-network";
    /** A network of a drill's own, beside the cluster's. */
    static final String SIDE_NETWORK = "cluster-drill";

    static final List<String> APPS = List.of("order-api", "order-service", "notification-service");

    /** How many instances there are of what can be scaled. */
    private static final Map<String, Integer> REPLICAS = Map.of("order-service", 3, "notification-service", 2);

    private static final String EVENTS = "CATGA_EVENTS";
    private static final int NATS_MONITORING = 8222;

    private final Docker docker;
    private final Containers containers;
    private final Http http;

    Cluster(Docker docker, Http http) {
        this.docker = docker;
        this.containers = new Containers(docker, "cluster");
        this.http = http;
    }

    Docker docker() {
        return docker;
    }

    List<Container> containers() {
        return containers.all();
    }

    List<String> names(Predicate<Container> which) {
        return containers.names(which);
    }

    /** The instances of the applications. */
    List<Container> apps() {
        return containers().stream()
                .filter(container -> APPS.stream().anyMatch(container::isOf))
                .toList();
    }

    List<String> namesOf(String app) {
        return names(container -> container.isOf(app));
    }

    void awaitHealthy(Predicate<Container> which, Instant since, Duration limit) throws InterruptedException {
        containers.awaitHealthy(which, since, limit);
    }

    /** All containers. */
    void awaitHealthy(Instant since) throws InterruptedException {
        containers.awaitHealthy(any -> true, since, Duration.ofMinutes(4));
    }

    /** Undoes whatever a drill may have left: harmless when all is well. */
    void restore() {
        List<String> paused = names(container -> "paused".equals(container.state()));
        if (!paused.isEmpty()) {
            docker.run("unpause", paused);
        }
        for (String name : names(any -> true)) {
            connect(name);
        }
        removeSideNetwork();
        List<String> down = names(container -> !"running".equals(container.state()));
        if (!down.isEmpty()) {
            docker.run("start", down);
        }
        REPLICAS.forEach((service, replicas) -> {
            if (namesOf(service).size() != replicas) {
                scale(service, replicas);
            }
        });
    }

    /**
     * Not with {@code --no-deps}: Compose counts the dependencies among the settings of a container, and would replace
     * those made without them at the next start.
     */
    void scale(String service, int replicas) {
        docker.compose("up", "-d", "--no-recreate", "--wait", "--scale", service + "=" + replicas, service);
    }

    /** Gives an application's image a new identity, as a build after a change does; what is in it stays. */
    void release(String app) {
        docker.script(
                "sh",
                "-c",
                "printf 'FROM catga/%s\\nLABEL io.catga.drill=%s\\n' | docker build -q -t catga/%s -"
                        .formatted(app, Instant.now(), app));
    }

    void removeSideNetwork() {
        String inside = String.join(
                "", docker.run("network", "ls", "--filter", "name=^" + SIDE_NETWORK + "$", "--format", "{{.Name}}"));
        if (inside.isEmpty()) {
            return;
        }
        String members = String.join(
                " ", docker.run("network", "inspect", "-f", "{{range .Containers}}{{.Name}} {{end}}", SIDE_NETWORK));
        for (String member : members.isBlank() ? new String[0] : members.strip().split(" ")) {
            docker.run("network", "disconnect", SIDE_NETWORK, member);
        }
        docker.run("network", "rm", SIDE_NETWORK);
    }

    /** To the cluster's network, under the names that the others know, unless it is. */
    void connect(String name) {
        if (isConnected(name)) {
            return;
        }
        String service = String.join(
                "", docker.run("inspect", "-f", "{{index .Config.Labels \"com.docker.compose.service\"}}", name));
        List<String> arguments = new ArrayList<>(List.of("connect", "--alias", service));
        if (service.startsWith("order-api-")) {
            arguments.addAll(List.of("--alias", "order-api"));
        }
        arguments.addAll(List.of(NETWORK, name));
        docker.run("network", arguments);
    }

    private boolean isConnected(String name) {
        return String.join("", docker.run("inspect", "-f", "{{json .NetworkSettings.Networks}}", name))
                .contains("\"" + NETWORK + "\"");
    }

    // --- Redis ---

    /** As the Sentinels name it. */
    String redisMaster() {
        for (String sentinel : namesMatching("sentinel-\\d")) {
            try {
                List<String> said = docker.run(
                        "exec",
                        sentinel,
                        "/catga/cli.sh",
                        "-p",
                        "26379",
                        "--raw",
                        "SENTINEL",
                        "GET-MASTER-ADDR-BY-NAME",
                        "mymaster");
                if (!said.isEmpty() && said.getFirst().startsWith("redis-")) {
                    return "cluster-" + said.getFirst();
                }
            } catch (Docker.Failed e) {
                // the next one may know
                continue;
            }
        }
        throw new Docker.Failed("no Sentinel names a master");
    }

    List<String> redisReplicas() {
        String master = redisMaster();
        return namesMatching("redis-\\d").stream()
                .filter(name -> !name.equals(master))
                .toList();
    }

    private List<String> namesMatching(String service) {
        return names(container -> container.service().matches(service));
    }

    // --- NATS ---

    private List<JsonNode> fromEachNats(String path) {
        return IntStream.range(0, 3)
                .mapToObj(n -> {
                    try {
                        return http.jsonAt("http://127.0.0.1:%d/%s".formatted(NATS_MONITORING + n, path));
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                        throw new Docker.Failed("interrupted while asking NATS");
                    }
                })
                .toList();
    }

    /** What each node says about the stream of events. */
    private List<JsonNode> eventStreams(String detail) {
        List<JsonNode> streams = new ArrayList<>();
        for (JsonNode node : fromEachNats("jsz?" + detail + "=true")) {
            for (JsonNode account : node.path("account_details")) {
                for (JsonNode stream : account.path("stream_detail")) {
                    if (EVENTS.equals(stream.path("name").asString())) {
                        streams.add(stream);
                    }
                }
            }
        }
        return streams;
    }

    /** The node that leads the stream of events. */
    String natsLeader() {
        return eventStreams("streams").stream()
                .map(stream -> stream.path("cluster").path("leader").asString(""))
                .filter(leader -> !leader.isEmpty())
                .findFirst()
                .map(leader -> "cluster-" + leader)
                .orElseThrow(() -> new Docker.Failed("the stream of events has no leader"));
    }

    /** The node that most clients are connected to. */
    String natsBusiest() {
        return fromEachNats("varz").stream()
                .max(Comparator.comparingInt(node -> node.path("connections").asInt()))
                .map(node -> "cluster-" + node.path("server_name").asString())
                .orElseThrow();
    }

    /** The one that neither leads nor has most clients; any other than the leader where that is the same. */
    String natsOther() {
        String leader = natsLeader();
        String busiest = natsBusiest();
        return namesMatching("nats-\\d").stream()
                .filter(name -> !name.equals(leader) && !name.equals(busiest))
                .findFirst()
                .orElseThrow();
    }

    /**
     * Deliveries of events to the consumers that were not the first: each consumer counts its deliveries, and says how far
     * in the stream it is, so the difference grows by each repetition.
     */
    Map<String, Long> deliveriesBeyondTheFirst() {
        Map<String, Long> deliveries = new HashMap<>();
        Map<String, Long> beyond = new HashMap<>();
        for (JsonNode stream : eventStreams("consumers")) {
            for (JsonNode consumer : stream.path("consumer_detail")) {
                String name = consumer.path("name").asString();
                JsonNode delivered = consumer.path("delivered");
                long count = delivered.path("consumer_seq").asLong();
                // Nodes that do not lead are behind.
                if (count >= deliveries.getOrDefault(name, -1L)) {
                    deliveries.put(name, count);
                    beyond.put(name, count - delivered.path("stream_seq").asLong());
                }
            }
        }
        return beyond;
    }
}
