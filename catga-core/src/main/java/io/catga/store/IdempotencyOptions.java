package io.catga.store;

import io.catga.codec.MessageCodec;
import io.catga.pipeline.Behavior;
import io.catga.pipeline.Pause;
import java.time.Clock;
import java.time.Duration;

/**
 * For how long, and how much of it, the handling of a message that is {@link io.catga.Idempotent} is remembered.
 * Immutable.
 *
 * @param lease     how long a handling may take before another instance may take over; longer than any handler takes
 * @param retention how long a result is remembered
 * @param maxResult the most bytes that a result may have, encoded
 */
public record IdempotencyOptions(Duration lease, Duration retention, int maxResult) {

    /**
     * Refuses settings that make no sense, naming the property to set.
     *
     * @throws IllegalArgumentException naming the first setting that is out of its range
     */
    public IdempotencyOptions {
        if (!lease.isPositive()) {
            throw new IllegalArgumentException(
                    "lease must be positive, but was " + lease + "; set catga.idempotency.lease");
        }
        if (!retention.isPositive()) {
            throw new IllegalArgumentException(
                    "retention must be positive, but was " + retention + "; set catga.retention");
        }
        if (maxResult < 1) {
            throw new IllegalArgumentException(
                    "maxResult must be at least 1, but was " + maxResult + "; set catga.idempotency.max-result");
        }
    }

    /** Half a minute, a day, 64 KiB. */
    public static IdempotencyOptions defaults() {
        return new IdempotencyOptions(Duration.ofSeconds(30), Duration.ofHours(24), 64 * 1024);
    }

    /**
     * Handles a message that is {@link io.catga.Idempotent} once for its id, with the recorded result for all others.
     *
     * @param codec    by which results are recorded
     * @param clock    by which deadlines are meant
     * @param consumer under which name this instance receives events
     * @param pause    how it is waited while another handles the same message
     */
    public Behavior behavior(StateStore store, MessageCodec codec, Clock clock, String consumer, Pause pause) {
        return new IdempotencyBehavior(store, codec, clock, consumer, this, pause);
    }
}
