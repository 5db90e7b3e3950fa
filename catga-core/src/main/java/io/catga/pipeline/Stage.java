package io.catga.pipeline;

/** The behaviours that Catga brings, in the order of the pipeline, outermost first. */
public enum Stage {
    /** A span for each message. */
    TRACING,
    /** Counts and times by type and outcome. */
    METRICS,
    /** A line for each message that is handled. */
    LOGGING,
    /** The constraints of Jakarta Validation. */
    VALIDATION,
    /** Refuses what nobody waits for any more. */
    DEADLINE,
    /** Handled once for its id. From here on an event goes through the stages for each of its handlers. */
    IDEMPOTENCY,
    /** So many of a type in a period. */
    RATE_LIMIT,
    /** So many of a type at once. */
    CONCURRENCY_LIMIT,
    /** Stops trying what keeps failing. */
    CIRCUIT_BREAKER,
    /** Tries again what another attempt may mend. */
    RETRY
}
