package io.catga.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FiguresTest {

    @Test
    void theMedianIsTheMiddleOne() {
        assertThat(Figure.of(List.of(9.0, 1.0, 2.0))).isEqualTo(new Figure(2, 1, 9));
        assertThat(Figure.of(List.of(9.0, 1.0, 2.0, 4.0))).isEqualTo(new Figure(3, 1, 9));
        assertThatThrownBy(() -> Figure.of(List.of())).hasMessageContaining("at least one round");
    }

    @Test
    void aRatioHasTheWidestRangeThatItsPartsAllow() {
        assertThat(new Figure(6, 4, 8).per(new Figure(2, 1, 4))).isEqualTo(new Figure(3, 1, 8));
    }

    @Test
    void percentilesAreThoseOfTheSuccessfulRequests() {
        Tally tally = new Tally(0, 10_000_000_000L);
        for (int i = 1; i <= 1000; i++) {
            tally.succeeded(0, i * 1_000_000L);
        }
        tally.failed("status 503");

        assertThat(tally.latencies().getValueAtPercentile(50)).isBetween(499_500L, 500_500L);
        assertThat(tally.latencies().getValueAtPercentile(99)).isBetween(989_000L, 991_000L);
        assertThat(tally.perSecond()).isEqualTo(100);
        assertThat(tally.failed()).isOne();
    }

    @Test
    void whatIsAnsweredAfterTheEndIsNoThroughput() {
        Tally tally = new Tally(0, 1_000_000_000);
        tally.succeeded(0, 999_999_999);
        tally.succeeded(0, 1_500_000_000);

        assertThat(tally.perSecond()).isOne();
        assertThat(tally.succeeded()).isEqualTo(2);
    }

    @Test
    void aContainerThatHasStartedAgainCountsFromItsStart() {
        Meter.Reading before = new Meter.Reading(Map.of("a", 100.0, "b", 100.0));
        Meter.Reading after = new Meter.Reading(Map.of("a", 130.0, "b", 7.0, "c", 5.0));

        assertThat(after.since(before)).containsOnly(Map.entry("a", 30.0), Map.entry("b", 7.0), Map.entry("c", 5.0));
    }

    @Test
    void undoingGoesBackwardsAndPastWhatFails() {
        StringBuilder done = new StringBuilder();
        Undo undo = new Undo();
        undo.later("the first", () -> done.append(1));
        undo.later("fail", () -> {
            throw new IllegalStateException("no");
        });
        undo.later("the last", () -> done.append(3));

        undo.now();

        assertThat(done).hasToString("31");
        assertThat(undo.isEmpty()).isTrue();
    }

    @Test
    void whatIsMeasuredAfterAnInterruptIsNotUsed() {
        Undo undo = new Undo();
        undo.check();
        undo.interrupted();

        assertThatThrownBy(undo::check).isInstanceOf(Failed.class).hasMessage("interrupted");
    }

    @Test
    void seededOrdersHaveIdsInTheOrderOfTime() {
        List<String> ids = List.of(Seed.id(0), Seed.id(1), Seed.id(65_536), Seed.id(999_999));

        assertThat(ids)
                .isSorted()
                .doesNotHaveDuplicates()
                .allMatch(id -> id.matches("[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}"));
        assertThat(ReadsScenario.field(Seed.order(25), "customerId")).isEqualTo("seed-2");
        assertThat(Json.read(Seed.order(25)).path("totalAmount").asDouble()).isEqualTo(200);
    }
}
