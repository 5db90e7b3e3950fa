package io.catga.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One drill for each component, as a user runs it; the README's own is run by {@link ReadmeIT}. */
@ClusterTest
class DrillIT {

    private static final Duration LIMIT = Duration.ofMinutes(6);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "order-service-kill",
                "order-api-pause",
                "nats-kill-leader",
                "redis-master-replace",
                "sentinel-pause",
                "order-service-disconnect",
                "redis-master-crash"
            })
    void everyPromiseIsKept(String drill) {
        Shell.Outcome outcome = Shell.run(LIMIT, Map.of(), "./drill.sh", drill);
        System.out.println(outcome.output());

        assertThat(outcome.exitCode()).as(outcome.output()).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "no-such-drill, no drill has the name no-such-drill",
        "'scale --rate 0', at least 1",
        "random, needs --seed"
    })
    void saysWhatIsWrongWithItsArguments(String arguments, String complaint) {
        Shell.Outcome outcome = Shell.run(LIMIT, Map.of(), "bash", "-c", "./drill.sh " + arguments);

        assertThat(outcome.exitCode()).isEqualTo(2);
        assertThat(outcome.output()).contains(complaint);
    }

    /**
     * Ended while an instance is cut off from the network: it is connected again, under its names. By TERM, which the
     * process treats as it does Ctrl-C: whatever runs in the background of a shell ignores INT.
     */
    @Test
    void anInterruptedDrillMendsWhatItBroke() throws Exception {
        String instance = "cluster-order-service-3";
        Process drill = new ProcessBuilder("./drill.sh", "order-service-disconnect")
                .directory(Shell.root("").toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            await("the instance is cut off")
                    .atMost(LIMIT)
                    .until(() -> !networksOf(instance).contains(Cluster.NETWORK));

            Shell.run(LIMIT, Map.of(), "kill", "-TERM", String.valueOf(drill.pid()));

            assertThat(drill.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
            assertThat(drill.exitValue()).isNotZero();
        } finally {
            drill.destroyForcibly();
        }
        assertThat(networksOf(instance)).contains(Cluster.NETWORK).contains("\"order-service\"");
        String order = Orders.idOf(Orders.place("ada"));
        assertThat(Orders.get(Orders.BALANCER + "/api/orders/" + order).statusCode())
                .isEqualTo(200);
    }

    private static String networksOf(String container) {
        return Shell.docker("inspect", "-f", "{{json .NetworkSettings.Networks}}", container)
                .output();
    }

    @AfterAll
    static void allIsWellAgain() {
        Cluster.awaitHealthy();
    }
}
