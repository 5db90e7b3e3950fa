package io.catga.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Runs what the README shows, as printed. */
@ClusterTest
class ReadmeIT {

    /** What starts and stops the cluster, or these tests: run by {@link Cluster}, or running just now. */
    private static final Set<String> RUN_ELSEWHERE = Set.of("./start-cluster.sh", "./stop-cluster.sh", "./verify.sh");

    private static Stream<String> blocks(String language) throws IOException {
        return Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(Shell.root("README.md")))
                .results()
                .map(block -> block.group(1));
    }

    static List<String> commands() throws IOException {
        return blocks("bash")
                .flatMap(String::lines)
                .filter(line -> !RUN_ELSEWHERE.contains(line))
                .toList();
    }

    static List<String> queries() throws IOException {
        return blocks("promql").flatMap(String::lines).toList();
    }

    @ParameterizedTest
    @MethodSource("commands")
    void everyCommandWorksAsPrinted(String command) {
        boolean endless = command.startsWith("curl -N");
        String run = endless ? "timeout 3 " + command + " || test $? = 124" : command;

        Shell.Outcome outcome = Shell.run(Duration.ofMinutes(3), Map.of(), "bash", "-c", run);

        assertThat(outcome.exitCode()).as(outcome.output()).isZero();
        assertThat(outcome.output()).isNotBlank();
        if (command.startsWith("curl -i")) {
            assertThat(outcome.output()).contains("HTTP/1.1 201");
        }
    }

    @ParameterizedTest
    @MethodSource("queries")
    void everyQueryHasData(String query) {
        PrometheusIT.assertHasData(query);
    }

    @Test
    void everyScriptAndModuleThatIsNamedExists() throws IOException {
        String readme = Files.readString(Shell.root("README.md"));
        List<String> named = Stream.concat(
                        Pattern.compile("\\./([a-z-]+\\.sh)")
                                .matcher(readme)
                                .results()
                                .map(found -> found.group(1)),
                        Pattern.compile("`((?:catga|order|notification|cluster)-(?:core|nats|redis|test|tests"
                                        + "|spring-boot-starter|contracts|api|service))`")
                                .matcher(readme)
                                .results()
                                .map(found -> found.group(1)))
                .distinct()
                .toList();

        assertThat(named).hasSizeGreaterThan(10);
        assertThat(named).allSatisfy(name -> assertThat(Shell.root(name)).exists());
    }

    @Test
    void theContainersOfThePictureExist() {
        List<String> running = Shell.docker("ps", "--format", "{{.Names}}").lines();

        assertThat(running)
                .containsAll(Cluster.ORDER_APIS)
                .containsAll(Cluster.ORDER_SERVICES)
                .containsAll(Cluster.NOTIFICATION_SERVICES)
                .containsAll(Cluster.NATS)
                .containsAll(Cluster.REDIS)
                .containsAll(Arrays.asList(
                        "cluster-sentinel-1",
                        "cluster-sentinel-2",
                        "cluster-sentinel-3",
                        "cluster-nginx",
                        "cluster-prometheus"));
    }
}
