package io.catga.store;

import io.catga.transport.WireMessage;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where the events of committed steps wait to be published. Several relays, on several machines, may share it: an entry
 * is given to one of them, and to another only when the first has kept it unpublished for longer than the claim time.
 * Thread-safe.
 *
 * <p>All methods throw {@link io.catga.CatgaException} with {@link io.catga.ErrorCode#UNAVAILABLE} where the store
 * cannot be reached.
 */
public interface Outbox {

    /**
     * An event that waits.
     *
     * @param id     its place in the outbox
     * @param event  what to publish
     * @param stored when it was committed, by the clock of the store
     */
    record Entry(String id, WireMessage event, Instant stored) {}

    /**
     * How much waits.
     *
     * @param size   how many entries
     * @param oldest when the oldest was stored; {@code null} where nothing waits
     */
    record Backlog(long size, @Nullable Instant oldest) {}

    /**
     * Takes entries that no relay has, or that a relay has kept for too long; waits for one where there are none.
     *
     * @return at most {@code max}, each safe on every machine that could become the store's master; empty after
     *     {@code wait}
     */
    List<Entry> take(int max, Duration wait);

    /** Removes entries that have been published. */
    void remove(Collection<Entry> published);

    /** What waits now. */
    Backlog backlog();
}
