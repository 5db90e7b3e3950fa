package io.catga.doctor;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The containers: all there, running, healthy, with room, in their network, and of one version. */
final class ContainerCheck {

    private static final String AREA = "containers";

    /**
     * What the compose files always start, but for the exporters, which Prometheus misses; Grafana and Jaeger are not
     * everywhere.
     */
    static final List<String> SERVICES = List.of(
            "nats-1",
            "nats-2",
            "nats-3",
            "redis-1",
            "redis-2",
            "redis-3",
            "sentinel-1",
            "sentinel-2",
            "sentinel-3",
            "order-api-1",
            "order-api-2",
            "order-api-3",
            "order-service",
            "notification-service",
            "nginx",
            "prometheus");

    private static final double MUCH_MEMORY = 0.9;
    private static final double TOO_MUCH_MEMORY = 0.97;
    private static final String MAKE_WHOLE =
            "Run 'docker compose -f docker-compose.apps.yml up -d --no-recreate', which makes what is missing.";

    private ContainerCheck() {}

    static List<Finding> findings(Facts facts) {
        List<Finding> findings = new ArrayList<>();
        Set<String> present =
                facts.containers().stream().map(Container::service).collect(Collectors.toSet());
        SERVICES.stream()
                .filter(service -> !present.contains(service))
                .forEach(service ->
                        findings.add(Finding.problem(AREA, "there is no container of " + service, MAKE_WHOLE)));
        facts.containers().forEach(container -> state(container, findings));
        facts.running().forEach(container -> running(container, findings));
        versions(facts, findings);
        long healthy = facts.running().stream()
                .filter(container -> container.health().equals("healthy"))
                .count();
        findings.addFirst(Finding.ok(
                AREA,
                "%d of %d containers are healthy"
                        .formatted(healthy, facts.containers().size())));
        return findings;
    }

    private static void state(Container container, List<Finding> findings) {
        String name = container.name();
        switch (container.state()) {
            case "running" -> {}
            case "paused" ->
                findings.add(Finding.problem(AREA, name + " is paused", "Let it go on: docker unpause " + name));
            case "restarting" ->
                findings.add(Finding.problem(
                        AREA,
                        "%s ends again and again (exit code %d)".formatted(name, container.exitCode()),
                        "Its log says why: docker logs --tail 50 " + name));
            default ->
                findings.add(Finding.problem(
                        AREA,
                        "%s is %s (exit code %d)".formatted(name, container.state(), container.exitCode()),
                        "Start it: docker start " + name));
        }
        if (container.outOfMemory()) {
            findings.add(Finding.problem(
                    AREA,
                    name + " was ended by the kernel, as it used more memory than its limit",
                    "Raise its limit in the compose file, or find out what it needs the memory for."));
        }
        if (container.restarts() > 0) {
            findings.add(Finding.warning(
                    AREA,
                    "%s has ended and was started again, %d times".formatted(name, container.restarts()),
                    "Its log says why: docker logs --tail 200 " + name));
        }
    }

    private static void running(Container container, List<Finding> findings) {
        String name = container.name();
        switch (container.health()) {
            case "unhealthy" ->
                findings.add(Finding.problem(
                        AREA,
                        name + " is unhealthy"
                                + (container.complaint().isEmpty()
                                        ? ""
                                        : ": "
                                                + container
                                                        .complaint()
                                                        .lines()
                                                        .findFirst()
                                                        .orElse("")),
                        "Its log says why: docker logs --tail 50 " + name));
            case "starting" ->
                findings.add(Finding.warning(AREA, name + " is still starting", "Look again in half a minute."));
            default -> {}
        }
        if (!container.networks().contains(Container.NETWORK)) {
            String aliases = container.kind().equals("order-api")
                    ? "--alias %s --alias order-api".formatted(container.service())
                    : "--alias " + container.service();
            findings.add(Finding.problem(
                    AREA,
                    name + " is cut off from " + Container.NETWORK,
                    "Connect it: docker network connect %s %s %s".formatted(aliases, Container.NETWORK, name)));
        }
        if (container.memory() >= MUCH_MEMORY) {
            String what = "%s uses %.0f %% of the memory that it may have".formatted(name, 100 * container.memory());
            String fix = "Raise its limit in the compose file before the kernel ends it.";
            findings.add(
                    container.memory() >= TOO_MUCH_MEMORY
                            ? Finding.problem(AREA, what, fix)
                            : Finding.warning(AREA, what, fix));
        }
    }

    private static void versions(Facts facts, List<Finding> findings) {
        Map<String, Map<String, List<String>>> images = new TreeMap<>();
        for (Container container : facts.running()) {
            images.computeIfAbsent(container.kind(), any -> new TreeMap<>())
                    .computeIfAbsent(container.image(), any -> new ArrayList<>())
                    .add(container.name());
        }
        images.forEach((kind, byImage) -> {
            if (byImage.size() > 1) {
                findings.add(Finding.warning(
                        AREA,
                        "%s runs in %d versions: %s"
                                .formatted(
                                        kind,
                                        byImage.size(),
                                        byImage.values().stream()
                                                .map(names -> String.join(", ", names))
                                                .collect(Collectors.joining(" | "))),
                        "Finish the update: ./start-cluster.sh"));
            }
        });
    }
}
