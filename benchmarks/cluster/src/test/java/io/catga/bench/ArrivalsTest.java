package io.catga.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class ArrivalsTest {

    private static final long SECOND = 1_000_000_000;

    @Test
    void aConstantRateSpreadsItsRequestsOverTheTimeAndEnds() {
        Arrivals arrivals = new ConstantRate(4, 100, 100 + SECOND);

        assertThat(drain(arrivals)).containsExactly(100, 100 + SECOND / 4, 100 + SECOND / 2, 100 + 3 * SECOND / 4);
    }

    @Test
    void aConstantRateDoesNotDriftWhereItsIntervalIsNoWholeNumber() {
        Arrivals arrivals = new ConstantRate(3, 0, 1000 * SECOND);
        long[] due = drain(arrivals);

        assertThat(due).hasSize(3000);
        assertThat(due[2997]).isEqualTo(999 * SECOND);
    }

    @Test
    void aConstantRateDoesNotWaitForAnswers() {
        Arrivals arrivals = new ConstantRate(10, 0, SECOND);
        arrivals.taken();
        arrivals.failed(50);

        assertThat(arrivals.next()).isEqualTo(SECOND / 10);
    }

    @Test
    void aRateOfNothingIsRefused() {
        assertThatThrownBy(() -> new ConstantRate(0, 0, 1)).hasMessageContaining("was 0.0");
    }

    @Test
    void aClientOfAClosedLoopWaitsForItsAnswer() {
        Arrivals arrivals = new ClosedLoop(2, 100, 10_000);

        assertThat(drain(arrivals)).containsExactly(100, 100);
        arrivals.answered(700);
        assertThat(drain(arrivals)).containsExactly(700);
        arrivals.answered(10_000);
        assertThat(arrivals.next()).isEqualTo(Arrivals.NONE);
    }

    @Test
    void aClientWhoseRequestFailedRestsForTenMilliseconds() {
        Arrivals arrivals = new ClosedLoop(1, 0, SECOND);
        arrivals.taken();
        arrivals.failed(500);

        assertThat(arrivals.next()).isEqualTo(10_000_500);
    }

    private static long[] drain(Arrivals arrivals) {
        LongStream.Builder due = LongStream.builder();
        for (long next = arrivals.next(); next != Arrivals.NONE; next = arrivals.next()) {
            due.add(next);
            arrivals.taken();
        }
        return due.build().toArray();
    }
}
