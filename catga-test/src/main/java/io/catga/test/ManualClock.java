package io.catga.test;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A clock that stands still until a test moves it, so that deadlines, lifetimes and retentions of days pass in no time.
 * Thread-safe; every thread sees a move at once.
 *
 * <p>It has no power over waiting: who waits for a duration waits that long in real time.
 */
public final class ManualClock extends Clock {

    private final AtomicReference<Instant> now;
    private final ZoneId zone;

    private ManualClock(AtomicReference<Instant> now, ZoneId zone) {
        this.now = now;
        this.zone = zone;
    }

    /** A clock that shows this instant, in UTC. */
    public static ManualClock at(Instant instant) {
        return new ManualClock(new AtomicReference<>(instant), ZoneOffset.UTC);
    }

    /**
     * Moves the clock forward.
     *
     * @return what it shows then
     * @throws IllegalArgumentException where the time is negative; only {@link #set} turns a clock back
     */
    public Instant advance(Duration time) {
        if (time.isNegative()) {
            throw new IllegalArgumentException("a clock advances by a positive time, but was given " + time
                    + "; to turn it back, set it to an instant");
        }
        return now.updateAndGet(before -> before.plus(time));
    }

    /** Sets the clock, also back: what an operator does to a machine, and a handler must survive. */
    public void set(Instant instant) {
        now.set(instant);
    }

    @Override
    public Instant instant() {
        return now.get();
    }

    @Override
    public ZoneId getZone() {
        return zone;
    }

    /** The same clock read in another zone; moving one moves both. */
    @Override
    public Clock withZone(ZoneId other) {
        return new ManualClock(now, other);
    }

    @Override
    public String toString() {
        return "a manual clock at " + now.get();
    }
}
