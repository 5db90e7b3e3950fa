package io.catga.kubernetes;

import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Rules about how Kubernetes learns how a pod is. */
final class ProbeRules {

    private static final List<String> PROBES = List.of("startupProbe", "livenessProbe", "readinessProbe");
    private static final List<String> HANDLERS = List.of("httpGet", "exec", "tcpSocket", "grpc");

    /** What tells of others, too: that of NATS without a parameter, and whether Redis and Sentinels have each other. */
    private static final Set<String> ABOUT_OTHERS = Set.of("/healthz", "redis-healthy.sh", "CKQUORUM");

    private ProbeRules() {}

    static Stream<String> probesAreComplete(Manifests all) {
        return all.workloads()
                .flatMap(workload -> Stream.concat(
                        PROBES.stream()
                                .filter(probe -> !isComplete(
                                        workload, workload.container().at(probe)))
                                .map(probe -> workload.title() + ": its " + probe
                                        + " has no handler, two, or a port that is not there"),
                        handler(workload, "livenessProbe").equals(handler(workload, "readinessProbe"))
                                ? Stream.of(workload.title() + ": liveness and readiness are the same")
                                : Stream.of()));
    }

    private static boolean isComplete(Resource workload, Tree probe) {
        boolean port = !probe.at("httpGet").exists()
                || workload.containerPort(probe.at("httpGet", "port").text()) > 0;
        return port
                && HANDLERS.stream()
                                .filter(handler -> probe.at(handler).exists())
                                .count()
                        == 1;
    }

    private static List<Tree> handler(Resource workload, String probe) {
        return HANDLERS.stream()
                .map(handler -> workload.container().at(probe, handler))
                .toList();
    }

    static Stream<String> applicationsAnswerProbes(Manifests all) {
        return all.applications().flatMap(application -> {
            ApplicationSettings settings = ApplicationSettings.of(application.name());
            Stream<String> paths = PROBES.stream()
                    .map(probe -> application.container().at(probe, "httpGet"))
                    .filter(get ->
                            !settings.healthPaths().contains(get.at("path").text())
                                    || application.containerPort(get.at("port").text()) != settings.port())
                    .map(get -> application.title() + " does not answer " + get.value());
            boolean told = application
                    .container()
                    .at("readinessProbe", "httpGet", "path")
                    .text()
                    .endsWith("/readiness");
            return told
                    ? paths
                    : Stream.concat(paths, Stream.of(application.title() + " is not asked whether it is ready"));
        });
    }

    static Stream<String> livenessIsAboutThePodAlone(Manifests all) {
        Stream<Resource> infrastructure = all.workloads()
                .filter(workload -> !workload.isApplication())
                .filter(workload -> ABOUT_OTHERS.stream()
                        .anyMatch(other -> workload.container()
                                .at("livenessProbe")
                                .allTexts()
                                .anyMatch(text -> text.equals(other)
                                        || text.endsWith("/" + other)
                                        || text.contains(other + " "))));
        Stream<Resource> applications = all.applications()
                .filter(application -> !application
                                .container()
                                .at("livenessProbe", "httpGet", "path")
                                .text()
                                .endsWith("/liveness")
                        || ApplicationSettings.of(application.name()).livenessIncludesMore());
        return Stream.concat(infrastructure, applications)
                .map(workload -> workload.title() + " would be restarted for what others have");
    }
}
