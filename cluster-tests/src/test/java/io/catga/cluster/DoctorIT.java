package io.catga.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code ./doctor.sh} on the cluster, well and ill; what each single illness looks like is in the doctor's own tests. */
@ClusterTest
class DoctorIT {

    /** Two busy cores; on idle ones it takes two to three seconds. */
    private static final Duration LIMIT = Duration.ofMinutes(1);
    /** Compiles, the first time. */
    private static final Duration FIRST = Duration.ofMinutes(5);

    @BeforeAll
    static void compile() {
        Shell.run(FIRST, Map.of(), "./doctor.sh");
    }

    @AfterEach
    void allIsWellAgain() {
        Cluster.awaitHealthy();
        awaitSound();
    }

    private static Shell.Outcome doctor(String... arguments) {
        List<String> command = new java.util.ArrayList<>(List.of("./doctor.sh"));
        command.addAll(List.of(arguments));
        return Shell.run(LIMIT, Map.of(), command.toArray(String[]::new));
    }

    private static void awaitSound() {
        await("the doctor finds no problem").atMost(Cluster.RECOVERY).untilAsserted(() -> {
            Shell.Outcome outcome = doctor();
            assertThat(outcome.exitCode()).as(outcome.output()).isZero();
            assertThat(outcome.output()).contains("0 problems");
        });
    }

    /** What it says as long as the illness lasts. */
    private static void assertFinds(String problem, String fix) {
        Shell.Outcome outcome = doctor();
        assertThat(outcome.exitCode()).as(outcome.output()).isEqualTo(1);
        assertThat(outcome.output()).contains(problem, fix);
    }

    @Test
    void findsNoProblemInAHealthyCluster() {
        awaitSound();

        assertThat(doctor().output())
                .contains("Docker engine", "JetStream", "3 Sentinels agree", "is master", "outbox", "dead letters");
    }

    @Test
    void findsANodeOfNatsThatWasStopped() {
        Cluster.without(
                List.of("cluster-nats-2"),
                () -> assertFinds("cluster-nats-2 is exited", "docker start cluster-nats-2"));
    }

    @Test
    void findsAnOrderServiceThatWasStopped() {
        Cluster.without(
                List.of("cluster-order-service-2"),
                () -> assertFinds("cluster-order-service-2 is exited", "docker start cluster-order-service-2"));
    }

    @Test
    void findsAReplicaOfRedisThatIsPaused() {
        String replica = Cluster.REDIS.stream()
                .filter(name -> Shell.docker("exec", name, "/catga/cli.sh", "ROLE")
                        .output()
                        .startsWith("slave"))
                .findFirst()
                .orElseThrow();
        Shell.pause(replica);
        try {
            assertFinds(replica + " is paused", "docker unpause " + replica);
        } finally {
            Shell.docker("unpause", replica);
        }
    }

    @Test
    void saysTheSameForPrograms() {
        JsonNode said = JsonMapper.builder().build().readTree(doctor("--json").output());

        assertThat(said.path("problems").asInt(-1)).isZero();
        assertThat(said.path("findings").findValuesAsString("area"))
                .contains("host", "containers", "nats", "redis", "apps", "outbox", "prometheus");
        assertThat(said.path("tookMillis").asInt()).isPositive();
    }
}
