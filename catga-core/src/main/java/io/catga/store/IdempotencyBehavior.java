package io.catga.store;

import com.github.f4b6a3.uuid.UuidCreator;
import io.catga.CatgaError;
import io.catga.CatgaException;
import io.catga.ErrorCode;
import io.catga.Idempotent;
import io.catga.MessageContext;
import io.catga.MessageDescriptor;
import io.catga.MessageDescriptor.Kind;
import io.catga.Result;
import io.catga.codec.MessageCodec;
import io.catga.pipeline.Behavior;
import io.catga.pipeline.Pause;
import io.catga.pipeline.Placement;
import io.catga.pipeline.Stage;
import io.catga.pipeline.Step;
import io.catga.pipeline.Target;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Handles a message that is {@link Idempotent} once for its id. Before the handler runs, the right to do so is taken in the
 * store, under a lease: whoever comes in the meantime waits, whoever comes later gets the recorded result. When the
 * instance that holds the right is gone, another may take it after the lease; then the first can no longer end its
 * handling, neither here nor by a {@link UnitOfWork}.
 *
 * <p>All of it is conditional writes to the {@link StateStore}, so it holds with every store, and is as durable.
 */
final class IdempotencyBehavior implements Behavior {

    private static final Logger LOG = LoggerFactory.getLogger(IdempotencyBehavior.class);

    /** How often to look whether the first has ended. */
    private static final Duration LOOK = Duration.ofMillis(25);

    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);
    /** A claim's own steps have keys that nobody repeats later than this. */
    private static final Duration STEP_RETENTION = Duration.ofMinutes(1);

    private final StateStore store;
    private final MessageCodec codec;
    private final Clock clock;
    private final String consumer;
    private final IdempotencyOptions options;
    private final Pause pause;

    /**
     * On this store, with results written by this codec.
     *
     * @param consumer under which name this instance receives events
     */
    IdempotencyBehavior(
            StateStore store,
            MessageCodec codec,
            Clock clock,
            String consumer,
            IdempotencyOptions options,
            Pause pause) {
        this.store = store;
        this.codec = codec;
        this.clock = clock;
        this.consumer = consumer;
        this.options = options;
        this.pause = pause;
    }

    @Override
    public Placement placement() {
        return Placement.at(Stage.IDEMPOTENCY);
    }

    @Override
    public Optional<Step> stepFor(Target target) {
        MessageDescriptor type = target.type();
        if (target.remote() || !type.type().isAnnotationPresent(Idempotent.class)) {
            return Optional.empty();
        }
        String scope = "idempotency/" + type.name()
                + (type.kind() == Kind.EVENT ? '@' + consumer + '/' + target.handler() : "") + '/';
        return Optional.of((context, next) -> {
            try {
                return handleOnce(scope + context.messageId(), context, next);
            } catch (CatgaException known) {
                return Result.failure(known.error());
            }
        });
    }

    private Result<?> handleOnce(String where, MessageContext context, Step.Next next) {
        byte[] fingerprint = Fingerprint.fixed(Fingerprint.of(context, codec));
        Instant deadline = context.deadline().orElseGet(() -> clock.instant().plus(UnitOfWork.WITHOUT_DEADLINE));
        while (true) {
            byte @Nullable [] found = store.get(where, deadline).orElse(null);
            Claim.@Nullable Entry entry = found == null ? null : Claim.Entry.of(found);
            if (entry == null || entry.isFree()) {
                Optional<Result<?>> result = handle(where, fingerprint, found, deadline, context, next);
                if (result.isPresent()) {
                    return result.get();
                }
            } else if (!Arrays.equals(entry.fingerprint(), fingerprint)) {
                return Fingerprint.mismatch(context.descriptor());
            } else if (entry.isDone()) {
                return replay(entry, context, deadline);
            }
            if (!clock.instant().plus(LOOK).isBefore(deadline) || !pause.passes(LOOK)) {
                return Result.failure(CatgaError.of(
                                ErrorCode.UNAVAILABLE,
                                "the same " + context.descriptor().label() + " is still being handled")
                        .retryAfter(RETRY_AFTER));
            }
        }
    }

    /**
     * @return empty where somebody else was faster, or has taken over
     */
    private Optional<Result<?>> handle(
            String where,
            byte[] fingerprint,
            byte @Nullable [] found,
            Instant deadline,
            MessageContext context,
            Step.Next next) {
        byte[] token = newKey().getBytes(StandardCharsets.US_ASCII);
        Claim claim = new Claim(where, fingerprint, token, options.retention(), options.maxResult());
        if (!(store.commit(claim.taking(newStep(), found, options.lease()), deadline)
                instanceof CommitOutcome.Committed)) {
            return Optional.empty();
        }
        try {
            Result<?> result = context.with(Claim.class, claim, () -> next.proceed(context));
            if (result instanceof Result.Success<?>(Object value) && !claim.isCompleted() && !claim.isLost()) {
                claim.learn(store.commit(claim.ending(newStep(), codec.encode(value)), deadline));
            }
            return claim.isLost() ? Optional.empty() : Optional.of(result);
        } finally {
            if (!claim.isCompleted() && !claim.isLost()) {
                giveBack(claim, context, deadline);
            }
        }
    }

    private void giveBack(Claim claim, MessageContext context, Instant deadline) {
        try {
            store.commit(claim.givingBack(newStep()), deadline);
        } catch (CatgaException e) {
            LOG.debug("{} can be handled again after its lease only", context.messageId(), e);
        }
    }

    /** The result may be on one machine only, as whoever has recorded it may still wait for the others: so a step more. */
    private Result<?> replay(Claim.Entry done, MessageContext context, Instant deadline) {
        store.commit(newStep(), deadline);
        context.markReplayed();
        return Result.success(
                codec.<Object>decode(done.content(), context.descriptor().resultType()));
    }

    private static AtomicStep newStep() {
        return AtomicStep.forKey("catga.claim", newKey(), "", new byte[0], STEP_RETENTION);
    }

    private static String newKey() {
        return UuidCreator.getTimeOrderedEpochPlus1().toString();
    }

    @Override
    public Map<String, String> settings(Target target) {
        return Map.of(
                "lease", options.lease().toString(),
                "retention", options.retention().toString(),
                "max-result", options.maxResult() + " bytes");
    }
}
