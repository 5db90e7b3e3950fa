package io.catga.pipeline;

import java.time.Duration;

/**
 * How often, and after which waits, a message is tried again. Immutable.
 *
 * @param maxAttempts how often a message is tried in all; at least 1
 * @param first       the longest wait before the second attempt
 * @param multiplier  what the longest wait is multiplied with for each further attempt; at least 1
 * @param max         which the longest wait never exceeds
 */
public record RetryOptions(int maxAttempts, Duration first, double multiplier, Duration max) {

    /**
     * Refuses settings that make no sense, naming the property to set.
     *
     * @throws IllegalArgumentException naming the first setting that is out of its range
     */
    public RetryOptions {
        if (maxAttempts < 1) {
            throw new IllegalArgumentException(
                    "maxAttempts must be at least 1, but was " + maxAttempts + "; set catga.retry.max-attempts");
        }
        if (first.toMillis() < 1) {
            throw new IllegalArgumentException(
                    "first must be at least 1 ms, but was " + first + "; set catga.retry.first");
        }
        if (multiplier < 1) {
            throw new IllegalArgumentException(
                    "multiplier must be at least 1, but was " + multiplier + "; set catga.retry.multiplier");
        }
        if (max.compareTo(first) < 0) {
            throw new IllegalArgumentException("max must be at least as long as first (%s), but was %s; set %s"
                    .formatted(first, max, "catga.retry.max"));
        }
    }

    /** Three attempts, 50 ms, doubled, at most half a second. */
    public static RetryOptions defaults() {
        return new RetryOptions(3, Duration.ofMillis(50), 2, Duration.ofMillis(500));
    }
}
