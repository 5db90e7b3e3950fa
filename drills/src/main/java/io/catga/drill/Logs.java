package io.catga.drill;

import io.catga.drill.Containers.Container;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the applications have logged since a moment: the lines that the README promises. A container that is removed takes
 * its log with it, so where that is part of a drill the logs are followed.
 */
final class Logs implements AutoCloseable {

    private static final Pattern HANDLING =
            Pattern.compile("\\[[^]]+] Handling command: CreateOrderCommand \\[MessageId=([^]]+)]");
    private static final Pattern RECEIVED =
            Pattern.compile("\\[([^]]+)] Received event: OrderCreatedEvent \\[OrderId=([^]]+)]");

    private final Docker docker;
    private final Supplier<List<Container>> apps;
    private final String since;
    private final Map<String, Followed> followed = new LinkedHashMap<>();

    private record Followed(Process process, Path output) {}

    /** @param apps the instances of the applications that there are at the moment */
    Logs(Docker docker, Supplier<List<Container>> apps, Instant since) {
        this.docker = docker;
        this.apps = apps;
        this.since = since.toString();
    }

    /** Begins to follow the logs of all instances that there are. */
    void follow() throws IOException {
        for (Container container : apps.get()) {
            Path output = Files.createTempFile("drill", ".log");
            Process process = docker.start(List.of("docker", "logs", "-f", "--since", since, container.id()), output);
            followed.put(container.id(), new Followed(process, output));
        }
    }

    /**
     * @param executions for each message id, how often a handler began with it
     * @param received   for each instance, how often it received the event of an order
     */
    record Found(Map<String, Integer> executions, Map<String, Map<String, Integer>> received) {}

    Found collect() {
        Found found = new Found(new HashMap<>(), new HashMap<>());
        followed.values().forEach(log -> read(log.output(), found));
        Set<String> known = followed.keySet();
        for (Container container : apps.get()) {
            if (!known.contains(container.id())) {
                docker.run("logs", "--since", since, container.id()).forEach(line -> note(line, found));
            }
        }
        return found;
    }

    private static void read(Path log, Found found) {
        try (var lines = Files.lines(log, StandardCharsets.UTF_8)) {
            lines.forEach(line -> note(line, found));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void note(String line, Found found) {
        Matcher handling = HANDLING.matcher(line);
        if (handling.find()) {
            found.executions().merge(handling.group(1), 1, Integer::sum);
            return;
        }
        Matcher received = RECEIVED.matcher(line);
        if (received.find()) {
            found.received()
                    .computeIfAbsent(received.group(1), any -> new HashMap<>())
                    .merge(received.group(2), 1, Integer::sum);
        }
    }

    @Override
    public void close() throws IOException {
        for (Followed log : new ArrayList<>(followed.values())) {
            log.process().destroy();
            try {
                log.process().waitFor(2, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            Files.deleteIfExists(log.output());
        }
    }
}
