package io.catga.pipeline;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** How a behaviour waits: an argument, so that a test need not. */
@FunctionalInterface
public interface Pause {

    /** Returns when the time is over. */
    void of(Duration time) throws InterruptedException;

    /** Sleeps, which a virtual thread does for nothing. */
    static Pause sleeping() {
        return time -> TimeUnit.NANOSECONDS.sleep(time.toNanos());
    }

    /**
     * Waits, unless the thread is interrupted.
     *
     * @return whether it was not
     */
    default boolean passes(Duration time) {
        try {
            of(time);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
