package io.catga.store;

import io.catga.CatgaException;
import io.catga.ErrorCode;
import io.catga.Event;
import io.catga.MessageContext;
import io.catga.MessageDescriptor;
import io.catga.Result;
import io.catga.codec.MessageCodec;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
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
    private static final Duration WITHOUT_DEADLINE = Duration.ofSeconds(5);

    private final StateStore store;
    private final MessageCodec codec;
    private final Clock clock;
    private final Duration retention;
    private final String consumer;

    /**
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
        AtomicStep step = changes.apply(AtomicStep.forKey(
                context.descriptor().name() + consumer,
                context.messageId(),
                fingerprint(context),
                codec.encode(result),
                retention));
        for (Event event : events) {
            step = step.publish(context.prepare(event));
        }
        return switch (store.commit(step, deadline(context))) {
            case CommitOutcome.Committed ignored -> Result.success(result);
            case CommitOutcome.Replayed(byte[] recorded) -> {
                context.markReplayed();
                yield Result.success(
                        codec.<R>decode(recorded, context.descriptor().resultType()));
            }
            case CommitOutcome.Mismatch ignored ->
                Result.failure(
                        ErrorCode.IDEMPOTENCY_MISMATCH,
                        "the idempotency key was used before for a "
                                + context.descriptor().label() + " with another content");
            case CommitOutcome.Conflict(String key) ->
                Result.failure(ErrorCode.CONFLICT, key + " was changed by somebody else in the meantime");
        };
    }

    /** The instant until which this message may wait for the store. */
    public Instant deadline(MessageContext context) {
        return context.deadline().orElseGet(() -> clock.instant().plus(WITHOUT_DEADLINE));
    }

    /** A repeated request must have the content of the first. An event is what its id says, whoever has encoded it. */
    private String fingerprint(MessageContext context) {
        if (context.descriptor().kind() == MessageDescriptor.Kind.EVENT) {
            return "event";
        }
        byte[] content = codec.encode(context.message());
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
