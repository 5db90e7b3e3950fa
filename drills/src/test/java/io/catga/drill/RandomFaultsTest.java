package io.catga.drill;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RandomFaultsTest {

    private static List<String> plans(long seed) {
        RandomFaults faults = new RandomFaults(seed, Duration.ofMinutes(1));
        return Stream.generate(faults::next)
                .limit(300)
                .map(step -> step.plan() + " for " + step.hold() + " and " + step.calm())
                .toList();
    }

    @Test
    void theSameSeedGivesTheSameFaults() {
        assertThat(plans(7)).isEqualTo(plans(7)).isNotEqualTo(plans(8));
    }

    @Test
    void everyComponentIsHitInEveryWay() {
        List<String> plans = plans(7);

        for (String component : List.of("order-api", "order-service", "notification", "nats", "redis", "sentinel")) {
            for (String kind : List.of("STOP", "KILL", "PAUSE", "DISCONNECT")) {
                assertThat(plans).anyMatch(plan -> plan.startsWith(kind + " cluster-" + component));
            }
        }
        assertThat(plans)
                .anyMatch(plan -> plan.startsWith("cut off the Redis master"))
                .anyMatch(plan -> plan.startsWith("replace the Redis master"));
    }
}
