package io.catga.pipeline;

import io.catga.ErrorCode;
import io.catga.MessageContext;
import io.catga.MessageDescriptor;
import io.catga.MessageDescriptor.Kind;
import io.catga.Result;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Counts and times messages.
 *
 * <p>A request is counted in {@code catga.requests} once in the whole system, where its outcome was decided: by the
 * instance that handled it, or by the sender where no handler was reached (invalid, nobody there, deadline passed).
 * That is one series an instance, so that the load of instances compares as it stands; by type, outcome and code it is in
 * {@code catga.request.outcomes}. What a sender sees of requests that it sends over a transport is in
 * {@code catga.client.requests}. A business rejection is an outcome; only failures of the system are in
 * {@code catga.requests.failed}. Events have {@code catga.events} and {@code catga.events.failed}, once for each delivery
 * to an instance.
 *
 * <p>Every meter of a type exists from the start, with 0, so that a rate over it never has a gap.
 */
final class MetricsBehavior implements Behavior {

    private static final Duration[] BUCKETS = {
        Duration.ofMillis(1),
        Duration.ofNanos(2_500_000),
        Duration.ofMillis(5),
        Duration.ofMillis(10),
        Duration.ofMillis(25),
        Duration.ofMillis(50),
        Duration.ofMillis(100),
        Duration.ofMillis(250),
        Duration.ofMillis(500),
        Duration.ofSeconds(1),
        Duration.ofMillis(2500),
        Duration.ofSeconds(5),
    };

    private final MeterRegistry registry;

    /** With its meters there. */
    MetricsBehavior(MeterRegistry registry) {
        this.registry = registry;
    }

    @Override
    public Placement placement() {
        return Placement.at(Stage.METRICS);
    }

    @Override
    public Optional<Step> stepFor(Target target) {
        MessageDescriptor type = target.type();
        boolean remote = target.remote();
        boolean event = type.kind() == Kind.EVENT;
        Meters decided = new Meters(registry, event ? "catga.event" : "catga.request", type);
        if (!remote) {
            return Optional.of((context, next) -> timed(context, next, decided));
        }
        Meters sent = new Meters(registry, event ? "catga.client.event" : "catga.client.request", type);
        return Optional.of((context, next) -> {
            Result<?> result = timed(context, next, sent);
            if (result instanceof Result.Failure<?>(var error)
                    && context.handledBy().isEmpty()) {
                decided.count(error.code());
            }
            return result;
        });
    }

    private Result<?> timed(MessageContext context, Step.Next next, Meters meters) {
        long start = registry.config().clock().monotonicTime();
        Result<?> result = next.proceed(context);
        meters.duration.record(registry.config().clock().monotonicTime() - start, TimeUnit.NANOSECONDS);
        if (result instanceof Result.Failure<?>(var error)) {
            meters.count(error.code());
        } else {
            meters.countSuccess();
        }
        if (context.isReplayed()) {
            meters.replayed.increment();
        }
        return result;
    }

    /** The meters of one type of message, looked up once. */
    private static final class Meters {

        private final Timer duration;
        private final Counter all;
        private final Counter succeeded;
        private final Counter replayed;
        private final Counter failed;
        private final Map<ErrorCode, Counter> byCode = new EnumMap<>(ErrorCode.class);

        Meters(MeterRegistry registry, String name, MessageDescriptor type) {
            Tags tags = Tags.of(
                    Tag.of("type", type.label()), Tag.of("kind", type.kind().label()));
            duration = Timer.builder(name + ".duration")
                    .description("How long messages took")
                    .tags(tags)
                    .serviceLevelObjectives(BUCKETS)
                    .register(registry);
            all = Counter.builder(name + "s")
                    .description("Messages of all types")
                    .register(registry);
            succeeded = counter(registry, name, tags, "success", "none");
            for (ErrorCode code : ErrorCode.values()) {
                byCode.put(
                        code, counter(registry, name, tags, code.isRejection() ? "rejected" : "failed", code.name()));
            }
            failed = Counter.builder(name + "s.failed")
                    .description("Messages that failed because of the system, not because of what they asked")
                    .tags(tags)
                    .register(registry);
            replayed = Counter.builder(name + "s.replayed")
                    .description("Messages that were answered with a recorded result")
                    .tags(tags)
                    .register(registry);
        }

        private static Counter counter(MeterRegistry registry, String name, Tags tags, String outcome, String code) {
            return Counter.builder(name + ".outcomes")
                    .description("Messages by type and outcome")
                    .tags(tags.and("outcome", outcome, "code", code))
                    .register(registry);
        }

        void countSuccess() {
            all.increment();
            succeeded.increment();
        }

        void count(ErrorCode code) {
            all.increment();
            Counter counter = byCode.get(code);
            if (counter != null) {
                counter.increment();
            }
            if (!code.isRejection()) {
                failed.increment();
            }
        }
    }
}
