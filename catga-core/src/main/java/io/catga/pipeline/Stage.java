package io.catga.pipeline;

/** The order of the pipeline, outermost first. */
public enum Stage {
    TRACING,
    METRICS,
    LOGGING,
    VALIDATION,
    DEADLINE
}
