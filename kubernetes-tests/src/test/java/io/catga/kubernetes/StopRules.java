package io.catga.kubernetes;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Rules about how a pod goes. */
final class StopRules {

    private static final Pattern SECONDS = Pattern.compile("(?m)^\\s*lame_duck_(?:grace_period|duration): \"(\\d+)s\"");
    /** What stop-redis.sh takes when two Sentinels hang and the third promotes nobody: 3 × 2 s and 50 × 0.2 s. */
    private static final int REDIS_SECONDS = 16;

    private static final int MARGIN = 5;

    private StopRules() {}

    static Stream<String> thereIsTimeToStop(Manifests all) {
        return all.workloads().flatMap(workload -> {
            int grace = workload.pod().at("terminationGracePeriodSeconds").number(30);
            int needed = neededSeconds(all, workload);
            return grace >= needed + MARGIN
                    ? Stream.of()
                    : Stream.of("%s has %d s to stop, and needs %d".formatted(workload.title(), grace, needed));
        });
    }

    private static int neededSeconds(Manifests all, Resource workload) {
        Tree preStop = workload.container().at("lifecycle", "preStop");
        String command = String.join(" ", preStop.at("exec", "command").texts());
        if (workload.isApplication()) {
            // without a pause requests still come when it has stopped
            int pause = preStop.at("sleep", "seconds").number(Integer.MAX_VALUE / 2);
            return pause
                    + (int) ApplicationSettings.of(workload.name())
                            .longestStop()
                            .toSeconds();
        }
        return switch (workload.name()) {
            case "nats" -> command.contains("ldm=/tmp/nats.pid") ? lameDuckSeconds(all) : Integer.MAX_VALUE / 2;
            case "redis" -> command.equals("/catga/stop-redis.sh") ? REDIS_SECONDS : Integer.MAX_VALUE / 2;
            default -> 0;
        };
    }

    private static int lameDuckSeconds(Manifests all) {
        Matcher settings = SECONDS.matcher(all.find("ConfigMap", "nats-config")
                .map(map -> map.at("data", "nats.conf").text())
                .orElse(""));
        return settings.results()
                .mapToInt(one -> Integer.parseInt(one.group(1)))
                .sum();
    }

    static Stream<String> updatesAddFirst(Manifests all) {
        return all.ofKind("Deployment")
                .filter(deployment -> {
                    Tree update = deployment.at("spec", "strategy", "rollingUpdate");
                    return update.at("maxUnavailable").number(1) != 0
                            || update.at("maxSurge").number(0) < 1
                            || deployment.at("spec", "minReadySeconds").number(0) < 1;
                })
                .map(deployment -> deployment.title() + " is updated otherwise");
    }
}
