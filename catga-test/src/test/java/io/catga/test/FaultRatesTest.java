package io.catga.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FaultRatesTest {

    private static final Duration BRIEFLY = Duration.ofMillis(1);
    private static final FaultRates SOME = FaultRates.none()
            .withLost(0.3)
            .withAnswerLost(0.3)
            .withRepeated(0.3)
            .withDelayed(0.3, BRIEFLY)
            .withReordered(0.3, BRIEFLY);

    private static List<FaultPlan> plans(long seed, FaultRates rates) {
        return IntStream.range(0, 5_000)
                .mapToObj(i -> FaultPlan.of(seed, "message " + i, rates, true, Set.of()))
                .toList();
    }

    @Test
    void hitsAsManyMessagesAsTheProbabilitySays() {
        List<FaultPlan> plans = plans(1, SOME.withLost(0));

        for (Fault fault : List.of(Fault.ANSWER_LOST, Fault.REPEATED, Fault.DELAYED, Fault.REORDERED)) {
            assertThat(plans)
                    .filteredOn(plan -> plan.faults().contains(fault))
                    .as("%s", fault)
                    .hasSizeBetween(1_400, 1_600);
        }
        assertThat(plans(1, SOME)).filteredOn(FaultPlan::lost).hasSizeBetween(1_400, 1_600);
    }

    @Test
    void hitsNothingAtNoneAndEverythingAtOne() {
        assertThat(plans(1, FaultRates.none())).allMatch(FaultPlan::isHarmless);
        assertThat(plans(1, FaultRates.none().withLost(1))).allMatch(FaultPlan::lost);
        assertThat(plans(1, FaultRates.none().withRepeated(1))).allMatch(FaultPlan::repeated);
    }

    @Test
    void hitsTheSameMessagesWhateverTheRatesOfOtherFaultsAre() {
        List<Boolean> alone = plans(1, FaultRates.none().withReordered(0.3, BRIEFLY)).stream()
                .map(plan -> plan.faults().contains(Fault.REORDERED))
                .toList();
        List<Boolean> amongOthers = plans(1, SOME.withLost(0)).stream()
                .map(plan -> plan.faults().contains(Fault.REORDERED))
                .toList();

        assertThat(amongOthers).isEqualTo(alone);
    }

    @Test
    void plansTheSameForASeedAndSomethingElseForAnother() {
        assertThat(plans(1, SOME)).isEqualTo(plans(1, SOME)).isNotEqualTo(plans(2, SOME));
    }

    @Test
    void delaysByAPartOfTheLongestDelay() {
        assertThat(plans(1, FaultRates.none().withDelayed(1, Duration.ofMillis(80))))
                .extracting(FaultPlan::delay)
                .allMatch(delay -> delay.isPositive() && delay.compareTo(Duration.ofMillis(80)) <= 0)
                .anyMatch(delay -> delay.compareTo(Duration.ofMillis(20)) < 0)
                .anyMatch(delay -> delay.compareTo(Duration.ofMillis(60)) > 0);
    }

    @Test
    void refusesWhatIsNoProbabilityAndNoTime() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> FaultRates.none().withLost(1.5))
                .withMessage("lost must be a probability from 0 to 1, but was 1.5");
        assertThatIllegalArgumentException().isThrownBy(() -> FaultRates.none().withAnswerLost(-0.1));
        assertThatIllegalArgumentException().isThrownBy(() -> FaultRates.none().withRepeated(Double.NaN));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> FaultRates.none().withDelayed(0.5, Duration.ZERO))
                .withMessage("delay must be positive, but was PT0S");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> FaultRates.none().withReordered(0.5, Duration.ofMillis(-1)));
    }
}
