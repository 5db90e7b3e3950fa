package io.catga.pipeline;

import io.catga.CatgaError;
import io.catga.ErrorCode;
import io.catga.Result;
import io.github.resilience4j.bulkhead.Bulkhead;
import io.github.resilience4j.bulkhead.BulkheadConfig;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * Lets so many messages of each type be in hand at once, and refuses further ones with {@link ErrorCode#OVERLOADED}: an
 * answer now is worth more than one from the end of a queue. Counted for each type, and apart for what is sent and what
 * is handled. The algorithm is Resilience4j's bulkhead.
 */
public final class ConcurrencyLimitBehavior implements Behavior {

    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    /**
     * The setting of the limit.
     *
     * @param maxConcurrent how many messages of a type may be in hand at once; at least 1
     */
    public record Options(int maxConcurrent) {

        /**
         * Refuses settings that make no sense, naming the property to set.
         *
         * @throws IllegalArgumentException naming the first setting that is out of its range
         */
        public Options {
            if (maxConcurrent < 1) {
                throw new IllegalArgumentException("maxConcurrent must be at least 1, but was " + maxConcurrent
                        + "; set catga.concurrency-limit.max-concurrent");
            }
        }

        /** 1,000 of each type. */
        public static Options defaults() {
            return new Options(1_000);
        }
    }

    private final Options options;

    /** With these limits. */
    public ConcurrencyLimitBehavior(Options options) {
        this.options = options;
    }

    @Override
    public Placement placement() {
        return Placement.at(Stage.CONCURRENCY_LIMIT);
    }

    @Override
    public Optional<Step> stepFor(Target target) {
        Bulkhead bulkhead = Bulkhead.of(
                target.type().name(),
                BulkheadConfig.custom()
                        .maxConcurrentCalls(options.maxConcurrent())
                        .maxWaitDuration(Duration.ZERO)
                        .build());
        String refusal = "%d of %s are in hand already"
                .formatted(options.maxConcurrent(), target.type().label());
        return Optional.of((context, next) -> {
            if (!bulkhead.tryAcquirePermission()) {
                return Result.failure(
                        CatgaError.of(ErrorCode.OVERLOADED, refusal).retryAfter(RETRY_AFTER));
            }
            try {
                return next.proceed(context);
            } finally {
                bulkhead.onComplete();
            }
        });
    }

    @Override
    public Map<String, String> settings(Target target) {
        return Map.of("max-concurrent", Integer.toString(options.maxConcurrent()));
    }
}
