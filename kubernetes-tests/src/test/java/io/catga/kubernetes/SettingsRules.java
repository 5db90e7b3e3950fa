package io.catga.kubernetes;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Rules about what NATS, Redis and the applications are set to. */
final class SettingsRules {

    private static final Pattern ONLY_COMPOSE =
            Pattern.compile("server_name:|client_advertise:|store_dir:|include \"../tmp/(routes-)?tls.conf\"");
    /** As start-nats.sh has it. */
    private static final int ROUTES_PORT = 6222;

    private static final Pattern MAX_FILE = Pattern.compile("max_file: (\\d+)G");

    private SettingsRules() {}

    private static String configuration(Manifests all, String map, String key) {
        return all.find("ConfigMap", map).map(one -> one.at("data", key).text()).orElse("");
    }

    static Stream<String> natsKnowsItsNodes(Manifests all) {
        return all.find("StatefulSet", "nats").stream().flatMap(nats -> {
            List<String> expected = Manifests.podNames(nats).stream()
                    .map(pod -> pod + "." + nats.at("spec", "serviceName").text())
                    .toList();
            List<String> routes = nats.container().at("env").list().stream()
                    .filter(variable -> variable.at("name").is("ROUTES"))
                    .flatMap(variable -> Stream.of(variable.at("value").text().split(" ")))
                    .toList();
            return routes.equals(expected) && nats.containerPort("routes") == ROUTES_PORT
                    ? Stream.of()
                    : Stream.of("the routes are %s, not %s at port %d".formatted(routes, expected, ROUTES_PORT));
        });
    }

    static Stream<String> jetStreamFitsItsVolume(Manifests all) {
        BigDecimal most = MAX_FILE.matcher(configuration(all, "nats-config", "nats.conf"))
                .results()
                .map(found -> new BigDecimal(found.group(1)).multiply(BigDecimal.valueOf(1L << 30)))
                .findFirst()
                .orElse(BigDecimal.valueOf(Long.MAX_VALUE));
        return all.find("StatefulSet", "nats").stream()
                .flatMap(nats -> nats.at("spec", "volumeClaimTemplates").list().stream())
                .map(claim -> PodRules.quantity(claim.at("spec", "resources", "requests", "storage")))
                .filter(size -> size.compareTo(most) <= 0)
                .map(size -> "JetStream may fill " + most + " of " + size);
    }

    /** Every line of the files for Compose is in those here, but for names, and what they encrypt. */
    static Stream<String> sameAsCompose(Manifests all) {
        return Stream.concat(
                missing("docker/nats/nats.conf", configuration(all, "nats-config", "nats.conf")),
                missing("docker/redis/redis.conf", configuration(all, "redis-config", "redis.conf")));
    }

    private static Stream<String> missing(String file, String here) {
        List<String> left = new ArrayList<>(settings(here));
        return settings(Project.read(file)).stream()
                .filter(line -> !ONLY_COMPOSE.matcher(line).lookingAt())
                // each line once: NATS pings its clients and its routes
                .filter(line -> !left.remove(line))
                .map(line -> file + " has, and this has not: " + line);
    }

    private static List<String> settings(String file) {
        return file.lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                .toList();
    }

    static Stream<String> applicationsKnowAllNodes(Manifests all) {
        return Stream.concat(
                addresses(all, "CATGA_NATS_SERVERS", "nats", "nats://", "client"),
                addresses(all, "CATGA_REDIS_SENTINELS", "sentinel", "", "sentinel"));
    }

    private static Stream<String> addresses(Manifests all, String variable, String set, String scheme, String port) {
        return all.find("StatefulSet", set).stream().flatMap(nodes -> {
            String expected = String.join(
                    ",",
                    Manifests.podNames(nodes).stream()
                            .map(pod -> scheme + pod + ":" + nodes.containerPort(port))
                            .toList());
            String told = configuration(all, "catga-apps", variable);
            return told.equals(expected) ? Stream.of() : Stream.of(variable + " is " + told + ", not " + expected);
        });
    }

    static Stream<String> variablesAreRead(Manifests all) {
        return all.applications()
                .flatMap(application -> PodRules.variables(all, application).stream()
                        .filter(variable ->
                                !ApplicationSettings.of(application.name()).reads(variable))
                        .map(variable -> application.title() + " does not read " + variable));
    }

    static Stream<String> instancesHaveNames(Manifests all) {
        return all.workloads()
                .filter(workload -> workload.container().at("env").list().stream()
                        .filter(variable ->
                                variable.at("name").is(workload.isApplication() ? "CATGA_INSTANCE" : "POD_NAME"))
                        .noneMatch(variable -> variable.at("valueFrom", "fieldRef", "fieldPath")
                                .is("metadata.name")))
                .map(workload -> workload.title() + " does not know its name");
    }
}
