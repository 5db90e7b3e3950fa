package io.catga.store;

import io.micrometer.tracing.Tracer;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Keeps state, idempotency records and outgoing events together. Thread-safe.
 *
 * <p>What {@link #commit} has acknowledged survives the loss of any single machine, and every later read sees it.
 * Each method waits no longer than its deadline.
 *
 * <p>All methods throw {@link io.catga.CatgaException} with {@link io.catga.ErrorCode#UNAVAILABLE} where the store
 * cannot be reached or has not confirmed; a step that was answered so may or may not have been applied, and is safe to
 * repeat.
 */
public interface StateStore {

    /** Applies a step, at most once for its key. */
    CommitOutcome commit(AtomicStep step, Instant deadline);

    /** The value at a key. */
    Optional<byte[]> get(String key, Instant deadline);

    /** The values at several keys, in their order. */
    List<Optional<byte[]>> getAll(List<String> keys, Instant deadline);

    /**
     * The members of an index from the greatest down.
     *
     * @param before only members smaller than this one; {@code null}: from the greatest
     * @param limit  at most so many, 1 or more
     */
    List<String> greatest(String index, @Nullable String before, int limit, Instant deadline);

    /**
     * The same store, whose part in the handling of a message shows in the trace of the message.
     *
     * @param system which database it is, such as {@code redis}
     */
    default StateStore traced(Tracer tracer, String system) {
        return new TracedStateStore(this, tracer, system);
    }
}
