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
final class ConcurrencyLimitBehavior implements Behavior {

    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    private final ConcurrencyLimitOptions options;

    /** With these limits. */
    ConcurrencyLimitBehavior(ConcurrencyLimitOptions options) {
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
