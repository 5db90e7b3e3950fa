package io.catga.store;

import io.catga.CatgaException;
import io.catga.ErrorCode;
import io.catga.Event;
import io.catga.MessageContext;
import io.catga.Result;
import io.catga.codec.MessageCodec;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * What a handler ends with: records its result under the message's id, changes state and hands events to the outbox,
 * all in one atomic step. A message that was handled before, by any instance, gets the recorded result, and nothing
 * changes. Thread-safe.
 *
 * <p>For an event this is the inbox: give each consumer that must handle the event for itself a name of its own.
 */
public final class UnitOfWork {

    /** How long to wait for the store where the message has no deadline, as events have none. */
    static final Duration WITHOUT_DEADLINE = Duration.ofSeconds(5);

    private final StateStore store;
    private final MessageCodec codec;
    private final Clock clock;
    private final Duration retention;
    private final String consumer;

    /**
     * On this store, with messages and results written by this codec.
     *
     * @param retention how long a message id is remembered; 24 hours are what the HTTP contract promises
     */
    public UnitOfWork(StateStore store, MessageCodec codec, Clock clock, Duration retention) {
        this(store, codec, clock, retention, "");
    }

    private UnitOfWork(StateStore store, MessageCodec codec, Clock clock, Duration retention, String consumer) {
        this.store = store;
        this.codec = codec;
        this.clock = clock;
        this.retention = retention;
        this.consumer = consumer;
    }

    /** The same store, with message ids remembered apart for one consumer of events. */
    public UnitOfWork forConsumer(String name) {
        return new UnitOfWork(store, codec, clock, retention, '@' + name);
    }

    /**
     * Commits what the handling of a message comes to.
     *
     * @param result  the answer, recorded for the message's id
     * @param changes adds the writes and expectations to the step
     * @param events  what to publish, once the step is committed
     * @return the answer; or the recorded one, with the context marked as replayed; or
     *     {@link ErrorCode#IDEMPOTENCY_MISMATCH}; or {@link ErrorCode#CONFLICT} where the state was not as expected
     * @throws CatgaException with {@link ErrorCode#UNAVAILABLE} where the store did not confirm
     */
    public <R> Result<R> commit(
            MessageContext context, R result, UnaryOperator<AtomicStep> changes, List<? extends Event> events) {
        byte[] encoded = codec.encode(result);
        AtomicStep base = AtomicStep.forKey(
                context.descriptor().name() + consumer,
                context.messageId(),
                Fingerprint.of(context, codec),
                encoded,
                retention);
        Optional<Claim> claim = context.find(Claim.class);
        AtomicStep step =
                changes.apply(claim.map(held -> held.ending(base, encoded)).orElse(base));
        for (Event event : events) {
            step = step.publish(context.prepare(event));
        }
        CommitOutcome outcome = store.commit(step, deadline(context));
        claim.ifPresent(held -> held.learn(outcome));
        return switch (outcome) {
            case CommitOutcome.Committed ignored -> Result.success(result);
            case CommitOutcome.Replayed(byte[] recorded) -> {
                context.markReplayed();
                yield Result.success(
                        codec.<R>decode(recorded, context.descriptor().resultType()));
            }
            case CommitOutcome.Mismatch ignored -> Fingerprint.mismatch(context.descriptor());
            case CommitOutcome.Conflict(String key) ->
                Result.failure(ErrorCode.CONFLICT, key + " was changed by somebody else in the meantime");
        };
    }

    /** The instant until which this message may wait for the store. */
    public Instant deadline(MessageContext context) {
        return context.deadline().orElseGet(() -> clock.instant().plus(WITHOUT_DEADLINE));
    }
}
