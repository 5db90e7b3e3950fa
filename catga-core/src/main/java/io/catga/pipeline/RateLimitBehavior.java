package io.catga.pipeline;

import io.catga.CatgaError;
import io.catga.ErrorCode;
import io.catga.Result;
import io.github.resilience4j.ratelimiter.RateLimiterConfig;
import io.github.resilience4j.ratelimiter.internal.AtomicRateLimiter;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * Lets so many messages of each type through in a period, and refuses further ones with {@link ErrorCode#RATE_LIMITED} and
 * the time until the next period. Counted for each type, and apart for what is sent and what is handled. The algorithm is
 * Resilience4j's rate limiter.
 */
final class RateLimitBehavior implements Behavior {

    private final RateLimitOptions options;

    /** With these limits. */
    RateLimitBehavior(RateLimitOptions options) {
        this.options = options;
    }

    @Override
    public Placement placement() {
        return Placement.at(Stage.RATE_LIMIT);
    }

    @Override
    public Optional<Step> stepFor(Target target) {
        AtomicRateLimiter limiter = new AtomicRateLimiter(
                target.type().name(),
                RateLimiterConfig.custom()
                        .limitForPeriod(options.permits())
                        .limitRefreshPeriod(options.period())
                        .timeoutDuration(Duration.ZERO)
                        .build());
        String refusal = "more than %d of %s in %s"
                .formatted(options.permits(), target.type().label(), options.period());
        return Optional.of((context, next) -> {
            if (limiter.acquirePermission()) {
                return next.proceed(context);
            }
            Duration wait = Duration.ofNanos(limiter.getDetailedMetrics().getNanosToWait());
            return Result.failure(CatgaError.of(ErrorCode.RATE_LIMITED, refusal).retryAfter(wait));
        });
    }

    @Override
    public Map<String, String> settings(Target target) {
        return Map.of(
                "permits",
                Integer.toString(options.permits()),
                "period",
                options.period().toString());
    }
}
