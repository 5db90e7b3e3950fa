package io.catga.pipeline;

import io.catga.CatgaError;
import io.catga.ErrorCode;
import io.catga.MessageContext;
import io.catga.Result;
import io.github.resilience4j.core.IntervalFunction;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.Tracer;
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
 * {@code catga.retries}, and each further one is a span, with the reason for it and the wait before it.
 */
final class RetryBehavior implements Behavior {

    private final RetryOptions options;
    private final Clock clock;
    private final DoubleSupplier random;
    private final Pause pause;
    private final MeterRegistry meters;
    private final Tracer tracer;
    private final IntervalFunction longest;

    /**
     * With these settings; what it needs from outside is given, so that a test need not wait.
     *
     * @param random a number from 0 to 1, for the part of the longest wait that is waited
     * @param meters where further attempts are counted; {@code null}: nowhere
     * @param tracer where further attempts are seen
     */
    RetryBehavior(
            RetryOptions options,
            Clock clock,
            DoubleSupplier random,
            Pause pause,
            @Nullable MeterRegistry meters,
            Tracer tracer) {
        this.options = options;
        this.clock = clock;
        this.random = random;
        this.pause = pause;
        this.meters = meters == null ? new SimpleMeterRegistry() : meters;
        this.tracer = tracer;
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
        String name = "retry " + target.type().label();
        return Optional.of((context, next) -> {
            Result<?> result = next.proceed(context);
            for (int attempt = 1; attempt < options.maxAttempts() && isToBeTriedAgain(context, result); attempt++) {
                Duration wait = waitAfter(attempt, result);
                if (isTooLong(wait, context) || !pause.passes(wait)) {
                    return result;
                }
                again.increment();
                result = traced(name, attempt + 1, wait, result, context, next);
            }
            return result;
        });
    }

    /** What the attempt asks of others hangs below its span. */
    private Result<?> traced(
            String name, int attempt, Duration wait, Result<?> reason, MessageContext context, Step.Next next) {
        if (tracer.currentSpan() == null) {
            return next.proceed(context);
        }
        Span span = tracer.spanBuilder()
                .name(name)
                .tag("catga.retry.attempt", attempt)
                .tag("catga.retry.reason", codeOf(reason))
                .tag("catga.retry.wait_ms", wait.toMillis())
                .start();
        try (Tracer.SpanInScope _ = tracer.withSpan(span)) {
            Result<?> result = next.proceed(context);
            if (!result.isSuccess()) {
                span.tag("error.type", codeOf(result));
            }
            return result;
        } catch (RuntimeException | Error defect) {
            span.error(defect);
            throw defect;
        } finally {
            span.end();
        }
    }

    private static String codeOf(Result<?> result) {
        return result instanceof Result.Failure<?>(CatgaError error)
                ? error.code().name()
                : "none";
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
