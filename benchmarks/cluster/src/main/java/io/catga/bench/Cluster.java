package io.catga.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;

/** The running order cluster: its containers, its store, and whether it has done all that it was asked. */
final class Cluster {

    static final String PROJECT = "cluster";

    static final List<String> APPS = List.of("order-api", "order-service", "notification-service");

    private static final List<Integer> REDIS_PORTS = List.of(6379, 6380, 6381);
    private static final List<Integer> NATS_PORTS = List.of(8222, 8223, 8224);
    private static final String ORDERS = "catga:index:orders";
    private static final String OUTBOX = "catga:outbox";
    /** Stays when the orders go: what the applications keep for themselves. */
    private static final List<String> KEPT = List.of(OUTBOX, "catga:fence");

    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration QUICK = Duration.ofSeconds(2);

    private final Commands commands;
    private final String host;

    Cluster(Commands commands, String host) {
        this.commands = commands;
        this.host = host;
    }

    /** @param service of the compose file */
    record Container(String name, String service, String state) {

        boolean isOf(String app) {
            return service.equals(app) || service.matches(app + "-\\d+");
        }

        boolean isApp() {
            return APPS.stream().anyMatch(this::isOf);
        }

        boolean runs() {
            return "running".equals(state);
        }
    }

    Commands commands() {
        return commands;
    }

    List<Container> containers(String project) {
        return commands
                .docker(
                        "ps",
                        "-a",
                        "--filter",
                        "label=com.docker.compose.project=" + project,
                        "--format",
                        "{{.Names}}\t{{.Label \"com.docker.compose.service\"}}\t{{.State}}")
                .stream()
                .map(line -> line.split("\t", -1))
                .map(part -> new Container(part[0], part[1], part[2]))
                .sorted(Comparator.comparing(Container::name))
                .toList();
    }

    List<String> names(Predicate<Container> which) {
        return containers(PROJECT).stream().filter(which).map(Container::name).toList();
    }

    List<String> namesOf(String app) {
        return names(container -> container.isOf(app));
    }

    List<String> appNames() {
        return names(Container::isApp);
    }

    /** The address at which an application answers: inside the cluster's network, which a Linux machine can reach. */
    String address(String container) {
        String ip = commands.tell(
                "docker", "inspect", "-f", "{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}", container);
        return "http://" + ip + ":8080";
    }

    boolean isReady(String address) {
        return Http.status(address + "/health", QUICK) == 200;
    }

    void awaitReady(List<String> containers, Duration limit) throws InterruptedException {
        long until = System.nanoTime() + limit.toNanos();
        for (String container : containers) {
            while (!isReady(address(container))) {
                if (System.nanoTime() > until) {
                    throw new Failed(container + " is not ready after " + limit.toSeconds() + " s; see docker logs "
                            + container);
                }
                LoadGenerator.pause(POLL);
            }
        }
    }

    // --- what is stored ---

    Redis master() throws IOException {
        for (int port : REDIS_PORTS) {
            try {
                Redis redis = Redis.ofCluster(host, port);
                if ("master".equals(redis.list("ROLE").getFirst())) {
                    return redis;
                }
                redis.close();
            } catch (IOException e) {
                // that one is away; another may be the master
                continue;
            }
        }
        throw new Failed("none of the three Redis says that it is the master; look with ./doctor.sh");
    }

    /** Each of them that answers. */
    void onEachRedis(String... command) throws IOException {
        for (int port : REDIS_PORTS) {
            try (Redis redis = Redis.ofCluster(host, port)) {
                redis.call(command);
            }
        }
    }

    long orders() throws IOException {
        try (Redis redis = master()) {
            return redis.number("ZCARD", ORDERS);
        }
    }

    /** Empties the store of all that has to do with orders. What waits to be published stays. */
    long forget() throws IOException {
        long removed = 0;
        try (Redis redis = master()) {
            String cursor = "0";
            do {
                List<?> page = redis.list("SCAN", cursor, "MATCH", "catga:*", "COUNT", "1000");
                cursor = (String) page.getFirst();
                for (Object key : (List<?>) page.get(1)) {
                    if (!KEPT.contains(key)) {
                        redis.add("UNLINK", (String) key);
                        removed++;
                    }
                }
                redis.finish();
                redis.call("WAIT", "1", "1000");
            } while (!cursor.equals("0"));
        }
        return removed;
    }

    // --- whether all is done ---

    /** Events that wait in the outbox, or that a consumer has not handled yet. */
    long eventsBehind() throws IOException {
        long behind;
        try (Redis redis = master()) {
            behind = redis.number("XLEN", OUTBOX);
        }
        boolean known = false;
        for (int port : NATS_PORTS) {
            JsonNode answer = Http.json("http://" + host + ":" + port + "/jsz?consumers=true");
            for (JsonNode account : answer.path("account_details")) {
                for (JsonNode stream : account.path("stream_detail")) {
                    for (JsonNode consumer : stream.path("consumer_detail")) {
                        // The node that leads a consumer knows.
                        if (consumer.path("cluster")
                                .path("leader")
                                .asString("")
                                .equals("nats-" + (port - NATS_PORTS.getFirst() + 1))) {
                            known = true;
                            behind += consumer.path("num_pending").asLong()
                                    + consumer.path("num_ack_pending").asLong();
                        }
                    }
                }
            }
        }
        // While the consumers have no leader nobody knows, and then it is not yet done.
        return known ? behind : behind + 1;
    }
}
