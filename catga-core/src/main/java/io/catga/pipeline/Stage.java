package io.catga.pipeline;

/** The behaviours that Catga brings, in the order of the pipeline, outermost first. */
public enum Stage {
    TRACING,
    METRICS,
    LOGGING,
    VALIDATION,
    DEADLINE,
    /** From here on the stages of an event are gone through for each of its handlers. */
    IDEMPOTENCY,
    RATE_LIMIT,
    CONCURRENCY_LIMIT,
    CIRCUIT_BREAKER,
    RETRY
}
