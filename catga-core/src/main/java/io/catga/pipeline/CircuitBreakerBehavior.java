package io.catga.pipeline;

import io.catga.CatgaError;
import io.catga.ErrorCode;
import io.catga.MessageDescriptor.Kind;
import io.catga.Result;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Stops trying what keeps failing: when too many of the last messages of a type have failed with one of some codes, the
 * next ones are refused at once with {@link ErrorCode#UNAVAILABLE} (events with {@link ErrorCode#OVERLOADED}, so that none
 * becomes a dead letter by waiting) until a few that are let through succeed. One breaker for each type and handler, and
 * another one for what is sent. The algorithm is Resilience4j's circuit breaker over a count of messages; its state is the
 * gauge {@code catga.breaker.state}: 0 closed, 0.5 half open, 1 open.
 */
final class CircuitBreakerBehavior implements Behavior {

    private final CircuitBreakerOptions options;
    private final @Nullable MeterRegistry meters;

    /**
     * With these settings.
     *
     * @param meters where the states are shown; {@code null}: nowhere
     */
    CircuitBreakerBehavior(CircuitBreakerOptions options, @Nullable MeterRegistry meters) {
        this.options = options;
        this.meters = meters;
    }

    @Override
    public Placement placement() {
        return Placement.at(Stage.CIRCUIT_BREAKER);
    }

    @Override
    public Optional<Step> stepFor(Target target) {
        CircuitBreaker breaker = CircuitBreaker.of(
                target.type().name(),
                CircuitBreakerConfig.custom()
                        .slidingWindowType(SlidingWindowType.COUNT_BASED)
                        .slidingWindowSize(options.window())
                        .minimumNumberOfCalls(options.minimumCalls())
                        .failureRateThreshold(options.failureRate())
                        .waitDurationInOpenState(options.openFor())
                        .permittedNumberOfCallsInHalfOpenState(options.trials())
                        // an unused exception of 20 frames for each refusal otherwise
                        .writableStackTraceEnabled(false)
                        .recordResult(this::isFailure)
                        .build());
        show(breaker, target);
        ErrorCode code =
                target.type().kind() == Kind.EVENT && !target.remote() ? ErrorCode.OVERLOADED : ErrorCode.UNAVAILABLE;
        String refusal = target.type().label() + " has failed too often and is not tried for a moment";
        return Optional.of((context, next) -> {
            if (!breaker.tryAcquirePermission()) {
                return Result.failure(CatgaError.of(code, refusal).retryAfter(options.openFor()));
            }
            long begun = breaker.getCurrentTimestamp();
            try {
                Result<?> result = next.proceed(context);
                breaker.onResult(breaker.getCurrentTimestamp() - begun, breaker.getTimestampUnit(), result);
                return result;
            } catch (RuntimeException | Error defect) {
                // of a behaviour further in: no failure with a code, so neither for nor against the breaker
                breaker.releasePermission();
                throw defect;
            }
        });
    }

    private boolean isFailure(Object result) {
        return result instanceof Result.Failure<?>(var error) && options.codes().contains(error.code());
    }

    private void show(CircuitBreaker breaker, Target target) {
        if (meters != null) {
            Gauge.builder("catga.breaker.state", breaker, CircuitBreakerBehavior::asNumber)
                    .description("0 closed, 0.5 half open, 1 open")
                    .tag("type", target.type().label())
                    .tag("side", target.side())
                    .tag("handler", target.handlerLabel())
                    .strongReference(true)
                    .register(meters);
        }
    }

    private static double asNumber(CircuitBreaker breaker) {
        return switch (breaker.getState()) {
            case CLOSED, DISABLED, METRICS_ONLY -> 0;
            case HALF_OPEN -> 0.5;
            case OPEN, FORCED_OPEN -> 1;
        };
    }

    @Override
    public Map<String, String> settings(Target target) {
        return Map.of(
                "failure-rate",
                options.failureRate() + " %",
                "window",
                Integer.toString(options.window()),
                "minimum-calls",
                Integer.toString(options.minimumCalls()),
                "open-for",
                options.openFor().toString(),
                "trials",
                Integer.toString(options.trials()),
                "codes",
                new TreeSet<>(options.codes()).toString());
    }
}
