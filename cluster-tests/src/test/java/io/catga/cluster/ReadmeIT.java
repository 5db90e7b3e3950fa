package io.catga.cluster;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Runs what the README shows, as printed. */
@ClusterTest
class ReadmeIT {

    /**
     * What starts and stops the cluster, or these tests, is run by {@link Cluster}, or running just now; order-demo's own
     * ReadmeIT runs the line that starts it, {@link OperationsIT} those that replace instances or data (of the update that of
     * one application: all three take seven minutes, and the drill {@code rolling-update}).
     */
    private static final Set<String> RUN_ELSEWHERE = Set.of(
            "./start-cluster.sh",
            "./stop-cluster.sh",
            "./verify.sh",
            "./mvnw -q -pl order-demo -am spring-boot:run",
            OperationsIT.UPDATE,
            OperationsIT.BACKUP,
            OperationsIT.RESTORE);

    private static final String REPEATED = "Idempotency-Key: my-first-key";

    /** What a command is there to show, by what identifies it. */
    private static final Map<String, String> SHOWN = Map.ofEntries(
            entry("curl -i", "HTTP/1.1 201"),
            entry(REPEATED, "Location: /api/orders/"),
            entry("/health", "\"status\":\"Healthy\""),
            entry("/api/notifications/stream", "OrderCreatedEvent"),
            entry("/api/orders?customerId=", "\"orders\":["),
            entry("apps.yml ps", "cluster-order-api-1"),
            entry("docker logs cluster-order-service-1", "Handling command: CreateOrderCommand"),
            entry("--tail 5 notification-service", "notification-service-2"),
            entry("./where-is.sh my-first-key", "accepted"),
            entry("./dead-letters.sh list", "\"letters\""),
            entry("./doctor.sh", "0 problems"),
            entry("./test-cluster.sh", "100 %"),
            entry("./bench.sh", "orders, 8 clients"),
            entry("docker kill", "cluster-order-service-2"),
            entry("docker start", "cluster-order-service-2"),
            entry("./drill.sh list", "redis-master-kill"),
            entry("./drill.sh redis-master-kill", "kept"));

    private static Stream<String> blocks(String language) throws IOException {
        return Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(Shell.root("README.md")))
                .results()
                .map(block -> block.group(1));
    }

    static List<String> commands() throws IOException {
        return printed().filter(line -> !RUN_ELSEWHERE.contains(line)).toList();
    }

    private static Stream<String> printed() throws IOException {
        return blocks("bash").flatMap(String::lines);
    }

    static List<String> queries() throws IOException {
        return blocks("promql").flatMap(String::lines).toList();
    }

    /** What is shown is there, also when this is the first test after a start. */
    @BeforeAll
    static void someOrdersWerePlaced() {
        for (int i = 0; i < 30; i++) {
            Orders.place("ada");
        }
    }

    @ParameterizedTest
    @MethodSource("commands")
    void everyCommandWorksAsPrinted(String command) {
        List<String> shown = SHOWN.entrySet().stream()
                .filter(entry -> command.contains(entry.getKey()))
                .map(Map.Entry::getValue)
                .toList();
        assertThat(shown).as("what this command shows is known").isNotEmpty();

        Shell.Outcome outcome = command.startsWith("curl -N") ? watch(command) : run(command);

        assertThat(outcome.exitCode()).as(outcome.output()).isZero();
        assertThat(outcome.output()).contains(shown);
    }

    private static Shell.Outcome run(String command) {
        return Shell.run(Duration.ofMinutes(3), Map.of(), "bash", "-c", command);
    }

    /** An endless answer: watched for some seconds (then curl ends with 28), while an order is placed. */
    private static Shell.Outcome watch(String command) {
        CompletableFuture<Shell.Outcome> watching =
                CompletableFuture.supplyAsync(() -> run(command + " --max-time 5 || test $? = 28"));
        while (!watching.isDone()) {
            Orders.place("watched");
        }
        return watching.join();
    }

    @Test
    void whatIsRunElsewhereIsPrinted() throws IOException {
        assertThat(printed()).containsAll(RUN_ELSEWHERE);
    }

    @Test
    void theSameKeyAgainIsAnsweredWithTheFirstAnswer() throws IOException {
        List<String> twice = commands().stream()
                .filter(command -> command.contains(REPEATED))
                .toList();
        assertThat(twice).hasSize(2);

        String first = run(twice.getFirst()).output();
        String second = run(twice.getLast()).output();

        assertThat(second).contains("Idempotent-Replayed: true");
        assertThat(location(second)).isEqualTo(location(first));
    }

    private static String location(String answer) {
        return answer.lines()
                .filter(line -> line.startsWith("Location: /api/orders/"))
                .findFirst()
                .orElseThrow();
    }

    /** Each file says what it starts, alone and with the other. */
    @ParameterizedTest
    @CsvSource({
        "-f docker-compose.infra.yml, 14",
        "-f docker-compose.apps.yml, 21",
        "-f docker-compose.infra.yml -f docker-compose.apps.yml, 21",
    })
    void theComposeFilesStandAlone(String files, int services) {
        Shell.Outcome outcome = run("docker compose " + files + " config --services");

        assertThat(outcome.exitCode()).as(outcome.output()).isZero();
        assertThat(outcome.lines()).hasSize(services);
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
                                        + "|demo|spring-boot-starter|contracts|api|service))`")
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
                        "cluster-prometheus",
                        "cluster-redis-exporter",
                        "cluster-nginx-exporter"));
    }
}
