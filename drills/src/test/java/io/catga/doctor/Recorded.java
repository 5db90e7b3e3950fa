package io.catga.doctor;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** What a healthy cluster answered, as it was recorded, and with illnesses planted in it. */
final class Recorded {

    static final JsonMapper JSON = JsonMapper.builder().build();
    private static final long GIB = 1024L * 1024 * 1024;

    private Facts.Host host =
            new Facts.Host(Optional.of("20.10.24"), "", new Machine(18 * GIB, 24 * GIB, 76 * GIB, 252 * GIB, 1.5, 2));
    private JsonNode inspected = JSON.readTree(text("inspect.json"));
    private JsonNode nats = JSON.readTree(text("nats.json"));
    private final List<String> redis =
            new ArrayList<>(List.of(text("redis-1.txt"), text("redis-2.txt"), text("redis-3.txt")));
    private final List<String> sentinels =
            new ArrayList<>(List.of(text("sentinel-1.txt"), text("sentinel-2.txt"), text("sentinel-3.txt")));
    private String targets = text("targets.json");
    private String health = text("health.json");
    private Optional<Metrics> metrics =
            Optional.of(new Metrics(List.of(), Optional.of(2.0), Optional.of(0.1), Optional.of(0.0)));
    private List<Facts.Clock> clocks =
            List.of(new Facts.Clock("cluster-nats-1", Duration.ofMillis(3), Duration.ofMillis(5)));
    private Optional<Facts.Port> port = Optional.empty();
    private double memory = 0.4;

    private static String text(String name) {
        try (InputStream in = Objects.requireNonNull(Recorded.class.getResourceAsStream(name), name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Recorded host(UnaryOperator<Machine> illness) {
        host = new Facts.Host(host.engine(), host.cause(), illness.apply(host.machine()));
        return this;
    }

    Recorded withoutEngine(String cause) {
        host = new Facts.Host(Optional.empty(), cause, host.machine());
        return withoutCluster();
    }

    Recorded withoutCluster() {
        inspected = JSON.createArrayNode();
        return this;
    }

    Recorded port(Facts.Port seen) {
        port = Optional.of(seen);
        return this;
    }

    Recorded clock(Duration skew, Duration uncertainty) {
        clocks = List.of(new Facts.Clock("cluster-nats-1", skew, uncertainty));
        return this;
    }

    Recorded memoryOfAll(double share) {
        memory = share;
        return this;
    }

    /** In what 'docker inspect' says of one container. */
    Recorded container(String name, String path, Object value) {
        for (JsonNode one : inspected) {
            if (one.path("Name").asString("").equals("/" + name)) {
                set(one, path, value);
            }
        }
        return this;
    }

    Recorded without(String name) {
        List<JsonNode> left = new ArrayList<>();
        inspected.forEach(one -> {
            if (!one.path("Name").asString("").equals("/" + name)) {
                left.add(one);
            }
        });
        inspected = JSON.valueToTree(left);
        return this;
    }

    /** In what one node of NATS says, from 1. */
    Recorded nats(int node, String path, Object value) {
        set(nats.path(node - 1), path, value);
        return this;
    }

    Recorded natsEverywhere(String path, Object value) {
        nats.forEach(node -> set(node, path, value));
        return this;
    }

    Recorded withoutStream(String name) {
        nats.forEach(node -> {
            Iterator<JsonNode> streams =
                    node.at("/jsz/account_details/0/stream_detail").iterator();
            while (streams.hasNext()) {
                if (streams.next().path("name").asString("").equals(name)) {
                    streams.remove();
                }
            }
        });
        return this;
    }

    Recorded withoutNats(int node) {
        List<JsonNode> left = new ArrayList<>();
        nats.forEach(left::add);
        left.remove(node - 1);
        nats = JSON.valueToTree(left);
        return this;
    }

    /** In what a node of Redis says, from 1. */
    Recorded redis(int node, String from, String to) {
        redis.set(node - 1, replaced(redis.get(node - 1), from, to));
        return this;
    }

    /** A node that does not answer. */
    Recorded withoutRedis(int node) {
        redis.set(node - 1, "");
        return this;
    }

    Recorded sentinel(int node, String from, String to) {
        sentinels.set(node - 1, replaced(sentinels.get(node - 1), from, to));
        return this;
    }

    Recorded withoutSentinels() {
        sentinels.clear();
        return this;
    }

    Recorded health(String from, String to) {
        health = replaced(health, from, to);
        return this;
    }

    Recorded targets(String from, String to) {
        targets = replaced(targets, from, to);
        return this;
    }

    Recorded metrics(Optional<Double> size, Optional<Double> age, double letters) {
        metrics = Optional.of(new Metrics(List.of(), size, age, Optional.of(letters)));
        return this;
    }

    Recorded withoutCountOfDeadLetters() {
        metrics = metrics.map(
                known -> new Metrics(known.targets(), known.outboxSize(), known.outboxAge(), Optional.empty()));
        return this;
    }

    Recorded withoutPrometheus() {
        metrics = Optional.empty();
        return this;
    }

    /** What is planted must be there: else the test would prove nothing. */
    private static String replaced(String text, String from, String to) {
        if (!text.contains(from)) {
            throw new IllegalArgumentException("nothing recorded has " + from);
        }
        return text.replaceFirst(java.util.regex.Pattern.quote(from), java.util.regex.Matcher.quoteReplacement(to));
    }

    private static void set(JsonNode in, String path, Object value) {
        int last = path.lastIndexOf('/');
        JsonNode parent = in.at(path.substring(0, last));
        if (!(parent instanceof ObjectNode object)) {
            throw new IllegalArgumentException("nothing recorded is at " + path);
        }
        object.set(path.substring(last + 1), JSON.<JsonNode>valueToTree(value));
    }

    Facts facts() {
        List<Container> containers = Container.readAll(inspected).stream()
                .map(container -> container.withMemory(memory))
                .toList();
        List<Facts.Port> ports = new ArrayList<>();
        containers.forEach(container -> container
                .ports()
                .forEach(number -> ports.add(
                        new Facts.Port(number, container.name(), container.isRunning(), container.isRunning()))));
        port.ifPresent(ports::add);
        List<NatsNode> nodes = new ArrayList<>();
        nats.forEach(node -> nodes.add(
                NatsNode.read(node.path("varz"), node.path("routez"), node.path("jsz"), node.path("healthz"))));
        List<RedisNode> redisNodes = new ArrayList<>();
        for (int i = 0; i < redis.size(); i++) {
            if (!redis.get(i).isEmpty()) {
                redisNodes.add(RedisNode.read("redis-" + (i + 1), redis.get(i)));
            }
        }
        List<Sentinel> seers = new ArrayList<>();
        for (int i = 0; i < sentinels.size(); i++) {
            seers.add(Sentinel.read(
                    "sentinel-" + (i + 1), sentinels.get(i).lines().toList()));
        }
        List<App> apps = containers.stream()
                .filter(container -> container.isRunning()
                        && Stream.of("order-api", "order-service", "notification-service")
                                .anyMatch(container.kind()::equals))
                .map(container -> App.read(container.name(), JSON.readTree(health)))
                .toList();
        List<Metrics.Target> asked = Metrics.targets(JSON.readTree(targets));
        return new Facts(
                host,
                containers,
                List.copyOf(ports),
                clocks,
                List.copyOf(nodes),
                List.copyOf(redisNodes),
                List.copyOf(seers),
                apps,
                metrics.map(known -> new Metrics(asked, known.outboxSize(), known.outboxAge(), known.deadLetters())));
    }
}
