package io.catga.pipeline;

/**
 * The limit beyond which messages are refused rather than queued. Immutable.
 *
 * @param maxConcurrent how many messages of a type may be in hand at once; at least 1
 */
public record ConcurrencyLimitOptions(int maxConcurrent) {

    /**
     * Refuses settings that make no sense, naming the property to set.
     *
     * @throws IllegalArgumentException naming the first setting that is out of its range
     */
    public ConcurrencyLimitOptions {
        if (maxConcurrent < 1) {
            throw new IllegalArgumentException("maxConcurrent must be at least 1, but was " + maxConcurrent
                    + "; set catga.concurrency-limit.max-concurrent");
        }
    }

    /** 1,000 of each type. */
    public static ConcurrencyLimitOptions defaults() {
        return new ConcurrencyLimitOptions(1_000);
    }
}
