package io.catga.drill;

import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;

/** The containers of one project of Compose, and how they are. */
final class Containers {

    private static final Duration POLL = Duration.ofMillis(500);

    private final Docker docker;
    private final String project;

    Containers(Docker docker, String project) {
        this.docker = docker;
        this.project = project;
    }

    /**
     * @param service of the compose file
     * @param state   such as running, exited or paused
     */
    record Container(String id, String name, String service, String state) {

        /** Of an application, whose instances of order-api have a service each. */
        boolean isOf(String app) {
            return service.equals(app) || service.matches(app + "-\\d+");
        }
    }

    List<Container> all() {
        return docker
                .run(
                        "ps",
                        "-a",
                        "--no-trunc",
                        "--filter",
                        "label=com.docker.compose.project=" + project,
                        "--format",
                        "{{.ID}}\t{{.Names}}\t{{.Label \"com.docker.compose.service\"}}\t{{.State}}")
                .stream()
                .map(line -> line.split("\t", -1))
                .map(part -> new Container(part[0], part[1], part[2], part[3]))
                .sorted(Comparator.comparing(Container::name))
                .toList();
    }

    List<String> names(Predicate<Container> which) {
        return all().stream().filter(which).map(Container::name).toList();
    }

    /**
     * Waits until each of some containers has passed a health check that began after a moment: what Docker says by itself
     * is up to ten seconds old.
     */
    void awaitHealthy(Predicate<Container> which, Instant since, Duration limit) throws InterruptedException {
        long until = System.nanoTime() + limit.toNanos();
        while (true) {
            List<String> sick = sick(names(which), since);
            if (sick.isEmpty()) {
                return;
            }
            if (System.nanoTime() > until) {
                throw new Docker.Failed("not healthy after %d s: %s".formatted(limit.toSeconds(), sick));
            }
            TimeUnit.NANOSECONDS.sleep(POLL.toNanos());
        }
    }

    private List<String> sick(List<String> names, Instant since) {
        List<String> arguments = new ArrayList<>(List.of("-f", "{{.Name}}\t{{json .State}}"));
        arguments.addAll(names);
        return docker.run("inspect", arguments).stream()
                .map(line -> line.split("\t", 2))
                .filter(part -> !isHealthy(Http.JSON.readTree(part[1]), since))
                .map(part -> part[0])
                .toList();
    }

    static boolean isHealthy(JsonNode state, Instant since) {
        JsonNode health = state.path("Health");
        if (!"running".equals(state.path("Status").asString())
                || !"healthy".equals(health.path("Status").asString())) {
            return false;
        }
        JsonNode checks = health.path("Log");
        JsonNode last = checks.path(checks.size() - 1);
        return last.path("ExitCode").asInt(1) == 0
                && OffsetDateTime.parse(last.path("Start").asString())
                        .toInstant()
                        .isAfter(since);
    }
}
