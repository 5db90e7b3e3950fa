package io.catga.pipeline;

import io.catga.CatgaError;
import io.catga.ErrorCode;
import io.catga.MessageContext;
import io.catga.Result;
import io.github.resilience4j.core.IntervalFunction;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Tries again what failed with a code that another attempt may mend ({@link ErrorCode#isRetried}), after a random part of
 * a wait that grows with each attempt: so callers that failed together do not come back together (full jitter, after
 * AWS's "Exponential Backoff And Jitter"). Never past the deadline.
 *
 * <p>A failure is tried again where it arose: what a handler in another process has answered was tried again there, and
 * trying it again here would multiply the attempts. And whoever says when to come back is taken at its word: where that is
 * later than the longest wait, the caller is told instead.
 *
 * <p>An event is tried again for the handler that failed, and not for the others. The attempts are counted in
 * {@code catga.retries}.
 */
final class RetryBehavior implements Behavior {

    private final RetryOptions options;
    private final Clock clock;
    private final DoubleSupplier random;
    private final Pause pause;
    private final MeterRegistry meters;
    private final IntervalFunction longest;

    /**
     * With these settings; what it needs from outside is given, so that a test need not wait.
     *
     * @param random a number from 0 to 1, for the part of the longest wait that is waited
     * @param meters where further attempts are counted; {@code null}: nowhere
     */
    RetryBehavior(
            RetryOptions options, Clock clock, DoubleSupplier random, Pause pause, @Nullable MeterRegistry meters) {
        this.options = options;
        this.clock = clock;
        this.random = random;
        this.pause = pause;
        this.meters = meters == null ? new SimpleMeterRegistry() : meters;
        this.longest = IntervalFunction.ofExponentialBackoff(options.first(), options.multiplier(), options.max());
    }

    @Override
    public Placement placement() {
        return Placement.at(Stage.RETRY);
    }

    @Override
    public Optional<Step> stepFor(Target target) {
        if (options.maxAttempts() == 1) {
            return Optional.empty();
        }
        Counter again = Counter.builder("catga.retries")
                .description("Further attempts for messages that had failed")
                .tag("type", target.type().label())
                .tag("side", target.side())
                .register(meters);
        return Optional.of((context, next) -> {
            Result<?> result = next.proceed(context);
            for (int attempt = 1; attempt < options.maxAttempts() && isToBeTriedAgain(context, result); attempt++) {
                Duration wait = waitAfter(attempt, result);
                if (isTooLong(wait, context) || !pause.passes(wait)) {
                    return result;
                }
                again.increment();
                result = next.proceed(context);
            }
            return result;
        });
    }

    private boolean isToBeTriedAgain(MessageContext context, Result<?> result) {
        return result instanceof Result.Failure<?>(CatgaError error)
                && error.code().isRetried()
                && !(context.isRemote() && context.handledBy().isPresent());
    }

    private Duration waitAfter(int attempt, Result<?> result) {
        Duration jittered =
                Duration.ofNanos((long) (random.getAsDouble() * TimeUnit.MILLISECONDS.toNanos(longest.apply(attempt))));
        Duration asked = result instanceof Result.Failure<?>(CatgaError error) ? error.retryAfter() : null;
        return asked != null && asked.compareTo(jittered) > 0 ? asked : jittered;
    }

    private boolean isTooLong(Duration wait, MessageContext context) {
        Instant until = clock.instant().plus(wait);
        return wait.compareTo(options.max()) > 0
                || context.deadline()
                        .filter(deadline -> !until.isBefore(deadline))
                        .isPresent();
    }

    @Override
    public Map<String, String> settings(Target target) {
        return Map.of(
                "max-attempts",
                Integer.toString(options.maxAttempts()),
                "first",
                options.first().toString(),
                "multiplier",
                Double.toString(options.multiplier()),
                "max",
                options.max().toString());
    }
}
