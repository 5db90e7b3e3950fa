package io.catga.doctor;

import io.catga.doctor.Facts.Clock;
import io.catga.doctor.Facts.Host;
import io.catga.doctor.Facts.Port;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * Gathers the facts, by reading only: docker inspect, ps and stats, commands in containers that ask and change nothing, and
 * HTTP. All questions that do not need another one's answer are asked at once, each for some seconds at most; what is not
 * answered is missing from the facts.
 */
final class Look {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Duration LIMIT = Duration.ofSeconds(6);
    private static final Duration HTTP_LIMIT = Duration.ofSeconds(4);
    private static final int CONNECT_MILLIS = 1_000;

    /** Where the cluster is published unless its containers say otherwise. */
    private static final Map<Integer, String> PORTS = new TreeMap<>(Map.ofEntries(
            Map.entry(8080, "cluster-nginx"),
            Map.entry(5001, "cluster-order-api-1"),
            Map.entry(5002, "cluster-order-api-2"),
            Map.entry(5003, "cluster-order-api-3"),
            Map.entry(4222, "cluster-nats-1"),
            Map.entry(4223, "cluster-nats-2"),
            Map.entry(4224, "cluster-nats-3"),
            Map.entry(8222, "cluster-nats-1"),
            Map.entry(8223, "cluster-nats-2"),
            Map.entry(8224, "cluster-nats-3"),
            Map.entry(6379, "cluster-redis-1"),
            Map.entry(6380, "cluster-redis-2"),
            Map.entry(6381, "cluster-redis-3"),
            Map.entry(9090, "cluster-prometheus")));

    private static final int NATS_CLIENTS = 4222;
    private static final int NATS_MONITORING = 8222;
    private static final String APP_PORT = "8080";

    private final InstantSource time;
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofMillis(CONNECT_MILLIS))
            .build();

    Look(InstantSource time) {
        this.time = time;
    }

    /** What one Redis said, and how late it thinks it is. */
    private record RedisAnswer(Optional<RedisNode> node, Optional<Clock> clock) {}

    private record NatsAnswer(Optional<NatsNode> node, Optional<Clock> clock) {}

    Facts gather() throws InterruptedException {
        try (ExecutorService asking = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Command.Outcome> version = asking.submit(() -> docker("version", "--format", "{{.Server.Version}}"));
            Future<List<Container>> found = asking.submit(this::containers);
            Future<Map<String, Double>> memory = asking.submit(this::memory);
            List<Container> containers = result(found);
            List<Container> running =
                    containers.stream().filter(Container::isRunning).toList();
            Future<Host> host = asking.submit(() -> host(result(version), running));
            Future<List<Port>> ports = asking.submit(() -> ports(containers));
            List<Future<NatsAnswer>> nats = each(asking, running, Set.of("nats"), this::nats);
            List<Future<RedisAnswer>> redis = each(asking, running, Set.of("redis"), this::redis);
            List<Future<Optional<Sentinel>>> sentinels = each(asking, running, Set.of("sentinel"), this::sentinel);
            List<Future<Optional<App>>> apps = each(asking, running, AppCheck.KINDS, this::app);
            Future<Optional<Metrics>> metrics = asking.submit(() -> metrics(running));

            List<NatsAnswer> natsAnswers = results(nats);
            List<RedisAnswer> redisAnswers = results(redis);
            List<Clock> clocks = new ArrayList<>();
            natsAnswers.forEach(answer -> answer.clock().ifPresent(clocks::add));
            redisAnswers.forEach(answer -> answer.clock().ifPresent(clocks::add));
            Map<String, Double> shares = result(memory);
            return new Facts(
                    result(host),
                    containers.stream()
                            .map(container -> container.withMemory(shares.getOrDefault(container.name(), -1.0)))
                            .toList(),
                    result(ports),
                    List.copyOf(clocks),
                    natsAnswers.stream()
                            .flatMap(answer -> answer.node().stream())
                            .toList(),
                    redisAnswers.stream()
                            .flatMap(answer -> answer.node().stream())
                            .toList(),
                    results(sentinels).stream().flatMap(Optional::stream).toList(),
                    results(apps).stream().flatMap(Optional::stream).toList(),
                    result(metrics));
        }
    }

    private interface Question<T> {
        T ask(Container container) throws Exception;
    }

    private static <T> List<Future<T>> each(
            ExecutorService asking, List<Container> running, Set<String> kinds, Question<T> question) {
        return running.stream()
                .filter(container -> kinds.contains(container.kind()))
                .map(container -> asking.submit((Callable<T>) () -> question.ask(container)))
                .toList();
    }

    private static <T> List<T> results(List<Future<T>> futures) throws InterruptedException {
        List<T> results = new ArrayList<>();
        for (Future<T> future : futures) {
            results.add(result(future));
        }
        return results;
    }

    private static <T> T result(Future<T> future) throws InterruptedException {
        try {
            return future.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("a question of the doctor ended in a defect", e.getCause());
        }
    }

    // --- Docker ---

    private static Command.Outcome docker(String... arguments) throws InterruptedException {
        List<String> command = new ArrayList<>(List.of("docker"));
        command.addAll(Arrays.asList(arguments));
        return Command.run(LIMIT, command);
    }

    private List<Container> containers() throws InterruptedException {
        List<String> ids = docker("ps", "-aq", "--no-trunc", "--filter", "label=com.docker.compose.project=cluster")
                .output()
                .lines()
                .toList();
        if (ids.isEmpty()) {
            return List.of();
        }
        // One that disappears in between makes the command fail, and it prints the others all the same.
        return Container.readAll(
                parse(docker(Stream.concat(Stream.of("inspect"), ids.stream()).toArray(String[]::new))
                        .output()));
    }

    /** Of the limit of each container. */
    private Map<String, Double> memory() throws InterruptedException {
        Map<String, Double> shares = new HashMap<>();
        docker("stats", "--no-stream", "--format", "{{.Name}}\t{{.MemPerc}}")
                .output()
                .lines()
                .map(line -> line.split("\t", 2))
                .filter(part -> part.length == 2 && part[1].matches("[0-9.]+%"))
                .forEach(part ->
                        shares.put(part[0], Double.parseDouble(part[1].substring(0, part[1].length() - 1)) / 100));
        return shares;
    }

    private Host host(Command.Outcome version, List<Container> running) throws InterruptedException {
        Optional<String> engine = version.isGood()
                ? Optional.of(version.output().strip()).filter(text -> !text.isEmpty())
                : Optional.empty();
        // From inside: on macOS and Windows the engine has a machine of its own.
        Optional<Container> redis = running.stream()
                .filter(container -> container.kind().equals("redis"))
                .findFirst();
        Machine machine = redis.isPresent()
                ? Machine.read(docker("exec", redis.get().name(), "sh", "-c", Machine.QUESTION)
                        .output())
                : here();
        return new Host(engine, version.complaint(), machine);
    }

    private static Machine here() {
        try {
            Path meminfo = Path.of("/proc/meminfo");
            Machine machine = Files.isReadable(meminfo) ? Machine.read(Files.readString(meminfo)) : Machine.unknown();
            FileStore store = Files.getFileStore(Path.of("").toAbsolutePath());
            return machine.withDisk(store.getUsableSpace(), store.getTotalSpace());
        } catch (IOException e) {
            return Machine.unknown();
        }
    }

    private List<Port> ports(List<Container> containers) {
        List<Port> ports = new ArrayList<>();
        if (containers.isEmpty()) {
            PORTS.forEach((number, owner) -> ports.add(new Port(number, owner, false, answers("127.0.0.1", number))));
        }
        for (Container container : containers) {
            for (int number : container.ports()) {
                // A paused container's ports still accept.
                if (container.isRunning() || !container.state().equals("paused")) {
                    ports.add(new Port(
                            number, container.name(), container.isRunning(), answers(container.published(), number)));
                }
            }
        }
        return List.copyOf(ports);
    }

    private static boolean answers(String host, int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(host, port), CONNECT_MILLIS);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    // --- Infrastructure ---

    private NatsAnswer nats(Container container) throws InterruptedException {
        int clients = container.ports().stream()
                .filter(port -> port < NATS_MONITORING)
                .findFirst()
                .orElse(NATS_CLIENTS);
        int monitoring = container.ports().stream()
                .filter(port -> port >= NATS_MONITORING)
                .findFirst()
                .orElse(NATS_MONITORING + clients - NATS_CLIENTS);
        String base = "http://%s:%d/".formatted(container.published(), monitoring);
        Instant before = time.instant();
        Optional<JsonNode> varz = get(base + "varz");
        Instant after = time.instant();
        if (varz.isEmpty()) {
            return new NatsAnswer(Optional.empty(), Optional.empty());
        }
        Optional<JsonNode> routez = get(base + "routez");
        Optional<JsonNode> jsz = get(base + "jsz?streams=true&consumers=true&config=true");
        Optional<JsonNode> healthz = get(base + "healthz");
        JsonNode nothing = JsonNodeFactory.instance.objectNode();
        return new NatsAnswer(
                Optional.of(NatsNode.read(
                        varz.get(), routez.orElse(nothing), jsz.orElse(nothing), healthz.orElse(nothing))),
                clock(container.name(), varz.get().path("now").asString(""), before, after));
    }

    private static Optional<Clock> clock(String name, String now, Instant before, Instant after) {
        try {
            return Optional.of(clock(name, Instant.parse(now), before, after));
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    private static Clock clock(String name, Instant there, Instant before, Instant after) {
        Duration half = Duration.between(before, after).dividedBy(2);
        return new Clock(name, Duration.between(before.plus(half), there), half);
    }

    private RedisAnswer redis(Container container) throws InterruptedException {
        Instant before = time.instant();
        Command.Outcome said =
                docker("exec", container.name(), "sh", "-c", "/catga/cli.sh -t 3 --raw TIME; /catga/cli.sh -t 3 INFO");
        Instant after = time.instant();
        List<String> lines = said.output().lines().map(String::strip).toList();
        if (!said.isGood() || lines.stream().noneMatch(line -> line.startsWith("role:"))) {
            return new RedisAnswer(Optional.empty(), Optional.empty());
        }
        Optional<Clock> clock = lines.getFirst().matches("\\d+") && lines.get(1).matches("\\d+")
                ? Optional.of(clock(
                        container.name(),
                        Instant.ofEpochSecond(Long.parseLong(lines.getFirst()))
                                .plusNanos(Long.parseLong(lines.get(1)) * 1_000),
                        before,
                        after))
                : Optional.empty();
        return new RedisAnswer(Optional.of(RedisNode.read(container.service(), said.output())), clock);
    }

    private Optional<Sentinel> sentinel(Container container) throws InterruptedException {
        Command.Outcome said = docker(
                "exec",
                container.name(),
                "sh",
                "-c",
                "/catga/cli.sh -p 26379 -t 3 SENTINEL CKQUORUM mymaster; /catga/cli.sh -p 26379 -t 3 --raw SENTINEL MASTER mymaster");
        List<String> lines =
                said.output().lines().filter(line -> !line.isBlank()).toList();
        return lines.size() < 3 ? Optional.empty() : Optional.of(Sentinel.read(container.service(), lines));
    }

    // --- Applications and metrics ---

    private Optional<App> app(Container container) throws InterruptedException {
        List<String> command = new ArrayList<>(List.of("exec", container.name()));
        command.addAll(App.QUESTION);
        command.add(APP_PORT);
        return App.read(container.name(), docker(command.toArray(String[]::new)).output());
    }

    private Optional<Metrics> metrics(List<Container> running) throws InterruptedException {
        Optional<Container> prometheus = running.stream()
                .filter(container -> container.kind().equals("prometheus"))
                .findFirst();
        if (prometheus.isEmpty() || prometheus.get().ports().isEmpty()) {
            return Optional.empty();
        }
        String base = "http://%s:%d/api/v1/"
                .formatted(
                        prometheus.get().published(), prometheus.get().ports().getFirst());
        Optional<JsonNode> targets = get(base + "targets?state=active");
        if (targets.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new Metrics(
                Metrics.targets(targets.get()),
                query(base, "catga_outbox_size"),
                query(base, "catga_outbox_age_seconds"),
                query(base, "catga_deadletters")));
    }

    private Optional<Double> query(String base, String query) throws InterruptedException {
        return get(base + "query?query=" + URLEncoder.encode(query, StandardCharsets.UTF_8))
                .flatMap(Metrics::greatest);
    }

    /** An answer that is JSON, whatever its status: a node that is not healthy says so with 503. */
    private Optional<JsonNode> get(String address) throws InterruptedException {
        try {
            JsonNode answer = parse(http.send(
                            HttpRequest.newBuilder(URI.create(address))
                                    .timeout(HTTP_LIMIT)
                                    .build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body());
            return answer.isMissingNode() ? Optional.empty() : Optional.of(answer);
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    static JsonNode parse(String text) {
        try {
            return text.isBlank() ? JsonNodeFactory.instance.missingNode() : JSON.readTree(text);
        } catch (JacksonException e) {
            return JsonNodeFactory.instance.missingNode();
        }
    }
}
