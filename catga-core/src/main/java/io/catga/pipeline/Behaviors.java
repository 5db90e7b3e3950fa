package io.catga.pipeline;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.propagation.Propagator;
import jakarta.validation.Validator;
import java.time.Clock;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The behaviours that come with Catga, one for each {@link Stage}; that for the idempotency is beside the store that it
 * needs, in {@link io.catga.store.IdempotencyOptions#behavior}. {@link io.catga.MediatorBuilder} takes them from here; an
 * application that replaces one leaves out its stage and adds another, which may be one of these with other arguments.
 */
public final class Behaviors {

    private Behaviors() {}

    /**
     * A span for each message, in the trace that it carries or that its sender is in.
     *
     * @param propagator how the context travels in the headers of messages
     * @param names      what carries the messages that come from, or go to, other processes
     */
    public static Behavior tracing(Tracer tracer, Propagator propagator, MessagingNames names) {
        return new TracingBehavior(tracer, propagator, names);
    }

    /** Counts and times messages, in meters that exist from the start. */
    public static Behavior metrics(MeterRegistry registry) {
        return new MetricsBehavior(registry);
    }

    /**
     * A line at INFO for each message that this instance handles; and every line that is written on the thread while a
     * message is sent or handled has its id in the MDC, as {@code messageId}.
     *
     * @param instance the name that each line begins with
     */
    public static Behavior logging(String instance) {
        return new LoggingBehavior(instance);
    }

    /** Refuses a message that breaks a constraint of Jakarta Validation, naming all that it breaks. */
    public static Behavior validation(Validator validator) {
        return new ValidationBehavior(validator);
    }

    /**
     * Refuses what nobody waits for any more.
     *
     * @param clock should go as those of other processes do
     */
    public static Behavior deadline(Clock clock) {
        return new DeadlineBehavior(clock);
    }

    /** So many messages of each type in a period. */
    public static Behavior rateLimit(RateLimitOptions options) {
        return new RateLimitBehavior(options);
    }

    /** So many messages of each type at once. */
    public static Behavior concurrencyLimit(ConcurrencyLimitOptions options) {
        return new ConcurrencyLimitBehavior(options);
    }

    /**
     * Stops trying what keeps failing.
     *
     * @param meters where the states are shown; {@code null}: nowhere
     */
    public static Behavior circuitBreaker(CircuitBreakerOptions options, @Nullable MeterRegistry meters) {
        return new CircuitBreakerBehavior(options, meters);
    }

    /**
     * Tries again what another attempt may mend, never past the deadline.
     *
     * @param clock  by which deadlines are meant
     * @param random a number from 0 to 1, for the part of the longest wait that is waited; called by many threads at once
     * @param pause  how it is waited
     * @param meters where further attempts are counted; {@code null}: nowhere
     * @param tracer where further attempts are seen
     */
    public static Behavior retry(
            RetryOptions options,
            Clock clock,
            DoubleSupplier random,
            Pause pause,
            @Nullable MeterRegistry meters,
            Tracer tracer) {
        return new RetryBehavior(options, clock, random, pause, meters, tracer);
    }
}
