package io.catga.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What the store in memory does besides what every store must: it does not grow by what nobody can see any more. */
class InMemoryStateStoreTest {

    private static final Duration DAY = Duration.ofHours(24);
    private static final byte[] SOMETHING = {1};

    /** Stands still until it is set forward. */
    private static final class StandingClock extends Clock {

        private Instant now = Instant.parse("2026-11-24T12:00:00Z");

        void forward(Duration time) {
            now = now.plus(time);
        }

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }

    private final StandingClock clock = new StandingClock();
    private final InMemoryStateStore store = new InMemoryStateStore(clock, Duration.ofSeconds(10));

    private static AtomicStep step(int number) {
        return AtomicStep.forKey("test", "key-" + number, "as asked", SOMETHING, DAY);
    }

    private void commit(AtomicStep step) {
        assertThat(store.commit(step, clock.instant())).isEqualTo(new CommitOutcome.Committed());
    }

    /** An idempotency record a command, for ever, was what a long-running process ran out of memory by. */
    @Test
    void keepsNoMoreKeysThanAreRememberedAtATime() {
        for (int i = 0; i < 1_000; i++) {
            commit(step(i));
            clock.forward(Duration.ofHours(1));
        }

        assertThat(store).hasToString("InMemoryStateStore[keys=24, values=0, indexes=0, outbox=0]");
    }

    @Test
    void removesNoMoreAtATimeThanInProportionToTheStep() {
        IntStream.range(0, 100).forEach(i -> commit(step(i)));
        clock.forward(DAY);

        commit(step(100));

        assertThat(store).hasToString("InMemoryStateStore[keys=99, values=0, indexes=0, outbox=0]");
        IntStream.range(200, 300).forEach(i -> commit(step(i)));
        assertThat(store).hasToString("InMemoryStateStore[keys=101, values=0, indexes=0, outbox=0]");
    }

    @Test
    void removesValuesAndIndexesThatHaveOutlivedTheirLifetime() {
        commit(step(1).put("brief", SOMETHING, Duration.ofHours(1))
                .put("lasting", SOMETHING)
                .addToIndex("brief", "m", Duration.ofHours(1))
                .addToIndex("lasting", "m"));
        clock.forward(Duration.ofHours(1));

        commit(step(2));

        assertThat(store).hasToString("InMemoryStateStore[keys=2, values=1, indexes=1, outbox=0]");
        assertThat(store.get("lasting", clock.instant())).contains(SOMETHING);
        assertThat(store.greatest("lasting", null, 1, clock.instant())).containsExactly("m");
    }

    @Test
    void keepsWhatIsProlongedForAsLongAsThat() {
        for (int i = 0; i < 100; i++) {
            commit(step(i).put("value", SOMETHING, DAY).addToIndex("index", "m" + i, DAY));
            clock.forward(Duration.ofHours(23));
        }

        assertThat(store.get("value", clock.instant())).contains(SOMETHING);
        assertThat(store.greatest("index", null, 1_000, clock.instant())).hasSize(100);
        clock.forward(DAY);
        commit(step(1_000));
        commit(step(1_001));
        assertThat(store).hasToString("InMemoryStateStore[keys=2, values=0, indexes=0, outbox=0]");
    }

    @Test
    void keepsWhatIsToLastAfterItWasToEnd() {
        commit(step(1).put("value", SOMETHING, Duration.ofHours(1)));
        commit(step(2).put("value", SOMETHING));
        clock.forward(DAY);
        commit(step(3));
        commit(step(4).put("value", SOMETHING, Duration.ofHours(1)));
        assertThat(store.get("value", clock.instant())).contains(SOMETHING);
        clock.forward(Duration.ofHours(1));

        commit(step(5));

        assertThat(store).hasToString("InMemoryStateStore[keys=3, values=0, indexes=0, outbox=0]");
    }
}
