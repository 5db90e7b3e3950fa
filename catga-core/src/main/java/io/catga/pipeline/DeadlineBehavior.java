package io.catga.pipeline;

import io.catga.ErrorCode;
import io.catga.MessageDescriptor;
import io.catga.Result;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Refuses work that nobody waits for any more, before it is begun. */
final class DeadlineBehavior implements Behavior {

    private final Clock clock;

    /** By this clock, which should go as those of other processes do. */
    DeadlineBehavior(Clock clock) {
        this.clock = clock;
    }

    @Override
    public Placement placement() {
        return Placement.at(Stage.DEADLINE);
    }

    @Override
    public Optional<Step> stepFor(Target target) {
        MessageDescriptor type = target.type();
        return Optional.of((context, next) -> {
            Optional<Instant> deadline = context.deadline();
            if (deadline.isEmpty()) {
                return next.proceed(context);
            }
            Instant now = clock.instant();
            return now.isBefore(deadline.get())
                    ? next.proceed(context)
                    : Result.failure(
                            ErrorCode.DEADLINE_EXCEEDED,
                            "%s came %d ms after its deadline and was not handled"
                                    .formatted(
                                            type.label(),
                                            Duration.between(deadline.get(), now)
                                                    .toMillis()));
        });
    }
}
