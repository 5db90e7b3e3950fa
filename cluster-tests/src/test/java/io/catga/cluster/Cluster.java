package io.catga.cluster;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * The running cluster: started once for all tests by {@code ./start-cluster.sh}, and stopped after them unless it was
 * running before. Volumes are removed only where there were none before.
 */
final class Cluster implements BeforeAllCallback, AutoCloseable {

    static final String NETWORK = "cluster-network";
    static final List<String> ORDER_APIS = names("cluster-order-api-", 3);
    static final List<String> ORDER_SERVICES = names("cluster-order-service-", 3);
    static final List<String> NOTIFICATION_SERVICES = names("cluster-notification-service-", 2);
    static final List<String> APPLICATIONS = Stream.of(ORDER_APIS, ORDER_SERVICES, NOTIFICATION_SERVICES)
            .flatMap(List::stream)
            .toList();
    static final List<String> NATS = names("cluster-nats-", 3);
    static final List<String> REDIS = names("cluster-redis-", 3);

    private static final Map<String, String> TO_OUR_RECEIVER =
            Map.of("OTLP_TRACES", "true", "OTLP_TRACES_ENDPOINT", "http://" + TraceReceiver.ALIAS + ":4318/v1/traces");
    /** Three JVMs at once, on two cores that have seventeen other containers to serve. */
    static final Duration RECOVERY = Duration.ofSeconds(120);

    private static final Duration FROM_NOTHING = Duration.ofMinutes(9);
    private static final Duration STOPPED = Duration.ofMinutes(3);

    private boolean wasRunning;
    private boolean hadVolumes;

    private static List<String> names(String prefix, int count) {
        return IntStream.rangeClosed(1, count).mapToObj(n -> prefix + n).toList();
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        context.getRoot().getStore(ExtensionContext.Namespace.GLOBAL).computeIfAbsent(Cluster.class, any -> {
            start();
            return this;
        });
    }

    private void start() {
        wasRunning = !Shell.docker("ps", "-q", "--filter", "label=com.docker.compose.project=cluster")
                .output()
                .isBlank();
        hadVolumes = !Shell.docker("volume", "ls", "-q", "--filter", "label=com.docker.compose.project=cluster")
                .output()
                .isBlank();
        startByScript();
    }

    /** Exactly what a user types; the traces go to these tests. */
    static void startByScript() {
        run(FROM_NOTHING, TO_OUR_RECEIVER, "./start-cluster.sh");
    }

    /** Exactly what a user types. */
    static void stopByScript() {
        TraceReceiver.remove();
        run(STOPPED, Map.of(), "./stop-cluster.sh");
    }

    /** A script that starts instances, with the settings that those have which are there; what it printed. */
    static String runScript(String... command) {
        return runScript(Map.of(), command);
    }

    /** The same, with other settings. */
    static String runScript(Map<String, String> settings, String... command) {
        Map<String, String> environment = new HashMap<>(TO_OUR_RECEIVER);
        environment.putAll(settings);
        return run(FROM_NOTHING, environment, command);
    }

    private static String run(Duration limit, Map<String, String> environment, String... command) {
        return Shell.run(limit, environment, command)
                .expectSuccess(List.of(command))
                .output();
    }

    /** Of a user of NATS or Redis, such as {@code nats-operator}. */
    static String password(String user) {
        try {
            return Files.readString(Shell.root(".cluster/secrets/" + user));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        TraceReceiver.remove();
        if (wasRunning) {
            // its traces go where they went before
            run(FROM_NOTHING, Map.of(), "./start-cluster.sh");
        } else if (hadVolumes) {
            stopByScript();
        } else {
            run(STOPPED, Map.of(), "./stop-cluster.sh", "--data");
        }
    }

    /** Those that run. */
    static List<String> containers() {
        return Shell.docker("ps", "--filter", "label=com.docker.compose.project=cluster", "--format", "{{.Names}}")
                .lines();
    }

    /** Stops containers, does something, and starts them again whatever came of it. */
    static void without(List<String> containers, Runnable check) {
        docker("stop", containers);
        try {
            check.run();
        } finally {
            docker("start", containers);
        }
    }

    private static void docker(String verb, List<String> containers) {
        Shell.docker(Stream.concat(Stream.of(verb), containers.stream()).toArray(String[]::new));
    }

    /** Waits until every instance of every app says that all is well. */
    static void awaitHealthy() {
        // a published port without a container behind it accepts, and says nothing
        await("every app is healthy")
                .ignoreExceptionsInstanceOf(UncheckedIOException.class)
                .atMost(RECOVERY)
                .untilAsserted(() -> {
                    for (int port : Orders.API_PORTS) {
                        org.assertj.core.api.Assertions.assertThat(Orders.get("http://127.0.0.1:" + port + "/health")
                                        .statusCode())
                                .isEqualTo(200);
                    }
                    List<String> sick = Shell.docker(
                                    "ps",
                                    "-a",
                                    "--filter",
                                    "label=com.docker.compose.project=cluster",
                                    "--format",
                                    "{{.Names}} {{.Status}}")
                            .lines()
                            .stream()
                            .filter(line -> line.contains("cluster-order-") || line.contains("cluster-notification-"))
                            .filter(line -> !line.contains("(healthy)"))
                            .toList();
                    org.assertj.core.api.Assertions.assertThat(sick).isEmpty();
                });
    }
}
