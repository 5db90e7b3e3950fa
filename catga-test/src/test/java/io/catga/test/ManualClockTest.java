package io.catga.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Collections;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

class ManualClockTest {

    private static final Instant NOON = Instant.parse("2026-06-01T12:00:00Z");

    private final ManualClock clock = ManualClock.at(NOON);

    @Test
    void standsStillUntilItIsMoved() {
        assertThat(clock.instant()).isEqualTo(NOON);

        assertThat(clock.advance(Duration.ofHours(25))).isEqualTo(NOON.plusSeconds(90_000));

        assertThat(clock.instant()).isEqualTo(NOON.plusSeconds(90_000));
    }

    @Test
    void canBeSetBack() {
        clock.set(NOON.minusSeconds(1));

        assertThat(clock.instant()).isEqualTo(NOON.minusSeconds(1));
    }

    @Test
    void saysHowToGoBackWhereItIsToAdvanceByANegativeTime() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> clock.advance(Duration.ofSeconds(-1)))
                .withMessageContaining("PT-1S")
                .withMessageContaining("set it to an instant");
    }

    @Test
    void isTheSameClockInAnotherZone() {
        Clock elsewhere = clock.withZone(ZoneId.of("Asia/Tokyo"));

        clock.advance(Duration.ofMinutes(1));

        assertThat(elsewhere.instant()).isEqualTo(NOON.plusSeconds(60));
        assertThat(elsewhere.getZone()).isEqualTo(ZoneId.of("Asia/Tokyo"));
    }

    @Test
    void losesNoMoveOfSeveralThreads() throws Exception {
        Callable<Instant> second = () -> clock.advance(Duration.ofSeconds(1));

        TransportCompatibilityKitNodes.inParallel(Collections.nCopies(1_000, second));

        assertThat(clock.instant()).isEqualTo(NOON.plusSeconds(1_000));
    }
}
