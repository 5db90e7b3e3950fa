package io.catga.pipeline;

import java.time.Duration;

/**
 * The rate beyond which messages are refused. Immutable.
 *
 * @param permits how many messages of a type may pass in a period; at least 1
 * @param period  how long a period is
 */
public record RateLimitOptions(int permits, Duration period) {

    /**
     * Refuses settings that make no sense, naming the property to set.
     *
     * @throws IllegalArgumentException naming the first setting that is out of its range
     */
    public RateLimitOptions {
        if (permits < 1) {
            throw new IllegalArgumentException(
                    "permits must be at least 1, but was " + permits + "; set catga.rate-limit.permits");
        }
        if (!period.isPositive()) {
            throw new IllegalArgumentException(
                    "period must be positive, but was " + period + "; set catga.rate-limit.period");
        }
    }
}
