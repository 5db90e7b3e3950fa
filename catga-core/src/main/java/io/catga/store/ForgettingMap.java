package io.catga.store;

import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * A map whose entries may end at a time. From then on an entry is not seen any more; {@link #forget} removes it, a
 * bounded number at each call, so that nobody pays for all that has ended meanwhile.
 *
 * <p>The queue has one place for each entry that has had an end since it was added, at the end that it had then. An entry
 * that is prolonged again and again therefore stays one place, and is put back when its turn comes too early.
 *
 * <p>Not thread-safe.
 */
final class ForgettingMap<K, V> {

    private record Entry<V>(V value, @Nullable Instant until, boolean queued) {

        boolean isOver(Instant now) {
            return until != null && !now.isBefore(until);
        }
    }

    private record Due<K>(K key, Instant at) {}

    private final Map<K, Entry<V>> entries = new HashMap<>();
    private final PriorityQueue<Due<K>> queue = new PriorityQueue<>(Comparator.comparing(Due::at));

    @Nullable
    V get(K key, Instant now) {
        Entry<V> entry = entries.get(key);
        return entry == null || entry.isOver(now) ? null : entry.value();
    }

    /**
     * Puts a value in the place of what was there.
     *
     * @param until when it ends; {@code null}: never
     */
    void put(K key, V value, @Nullable Instant until) {
        Entry<V> before = entries.get(key);
        boolean queued = before != null && before.queued();
        if (until != null && !queued) {
            queue.add(new Due<>(key, until));
            queued = true;
        }
        entries.put(key, new Entry<>(value, until, queued));
    }

    /**
     * Removes entries that are over, those first that should have ended first.
     *
     * @param max how many it looks at
     */
    void forget(Instant now, int max) {
        for (int i = 0; i < max; i++) {
            Due<K> due = queue.peek();
            if (due == null || now.isBefore(due.at())) {
                return;
            }
            queue.remove();
            entries.computeIfPresent(due.key(), (key, entry) -> entry.isOver(now) ? null : queuedAgain(key, entry));
        }
    }

    private Entry<V> queuedAgain(K key, Entry<V> entry) {
        Instant until = entry.until();
        if (until != null) {
            queue.add(new Due<>(key, until));
        }
        return new Entry<>(entry.value(), until, until != null);
    }

    /** How many entries it keeps, those included that are over and not removed yet. */
    int size() {
        return entries.size();
    }
}
