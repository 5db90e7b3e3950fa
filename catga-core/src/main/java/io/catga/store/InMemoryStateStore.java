package io.catga.store;

import io.catga.store.AtomicStep.Expectation;
import io.catga.store.AtomicStep.Write;
import io.catga.transport.WireMessage;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A state store and outbox in the memory of one process, for tests and for looking at an application without a
 * database. Complete but for surviving the process. One lock makes a step atomic.
 */
public final class InMemoryStateStore implements StateStore, Outbox {

    private record Id(String scope, String key) {}

    private record Known(String fingerprint, byte[] result, Instant until) {}

    private record Value(byte[] bytes, @Nullable Instant until) {}

    private record Index(
            NavigableSet<String> members, @Nullable Instant until) {}

    private record Waiting(
            WireMessage event, Instant stored, @Nullable Instant claimedUntil) {}

    /** Not the order of strings in Java, which puts what is beyond U+FFFF before U+E000. */
    private static final Comparator<String> BYTE_ORDER =
            Comparator.comparing(member -> member.getBytes(StandardCharsets.UTF_8), Arrays::compareUnsigned);

    private final Clock clock;
    private final Duration claim;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition added = lock.newCondition();
    private final Map<Id, Known> known = new HashMap<>();
    private final Map<String, Value> values = new HashMap<>();
    private final Map<String, Index> indexes = new HashMap<>();
    private final Map<String, Waiting> outbox = new LinkedHashMap<>();
    private long sequence;

    /**
     * @param claim how long a relay may keep an outbox entry before another gets it
     */
    public InMemoryStateStore(Clock clock, Duration claim) {
        this.clock = clock;
        this.claim = claim;
    }

    @Override
    public CommitOutcome commit(AtomicStep step, Instant deadline) {
        lock.lock();
        try {
            Instant now = clock.instant();
            Id id = new Id(step.scope(), step.key());
            Known before = known.get(id);
            if (before != null && now.isBefore(before.until())) {
                return before.fingerprint().equals(step.fingerprint())
                        ? new CommitOutcome.Replayed(before.result())
                        : new CommitOutcome.Mismatch();
            }
            for (Expectation expectation : step.expectations()) {
                if (!Arrays.equals(valueAt(expectation.key(), now), expectation.value())) {
                    return new CommitOutcome.Conflict(expectation.key());
                }
            }
            known.put(id, new Known(step.fingerprint(), step.result(), now.plus(step.retention())));
            step.writes().forEach(write -> apply(write, now));
            step.events().forEach(event -> outbox.put(Long.toString(++sequence), new Waiting(event, now, null)));
            added.signalAll();
            return new CommitOutcome.Committed();
        } finally {
            lock.unlock();
        }
    }

    private void apply(Write write, Instant now) {
        switch (write) {
            case Write.Put(String key, byte[] value, Duration lifetime) ->
                values.put(key, new Value(value, until(now, lifetime)));
            case Write.AddToIndex(String index, String member, Duration lifetime) -> {
                Index before = indexes.get(index);
                NavigableSet<String> members =
                        before == null || isOver(before.until(), now) ? new TreeSet<>(BYTE_ORDER) : before.members();
                members.add(member);
                indexes.put(index, new Index(members, until(now, lifetime)));
            }
        }
    }

    private static @Nullable Instant until(Instant now, @Nullable Duration lifetime) {
        return lifetime == null ? null : now.plus(lifetime);
    }

    private static boolean isOver(@Nullable Instant until, Instant now) {
        return until != null && !now.isBefore(until);
    }

    private byte @Nullable [] valueAt(String key, Instant now) {
        Value value = values.get(key);
        return value == null || isOver(value.until(), now) ? null : value.bytes();
    }

    @Override
    public Optional<byte[]> get(String key, Instant deadline) {
        return getAll(List.of(key), deadline).getFirst();
    }

    @Override
    public List<Optional<byte[]>> getAll(List<String> keys, Instant deadline) {
        lock.lock();
        try {
            Instant now = clock.instant();
            return keys.stream()
                    .map(key -> Optional.ofNullable(valueAt(key, now)))
                    .toList();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public List<String> greatest(String index, @Nullable String before, int limit, Instant deadline) {
        lock.lock();
        try {
            Index found = indexes.get(index);
            if (found == null || isOver(found.until(), clock.instant())) {
                return List.of();
            }
            NavigableSet<String> range =
                    before == null ? found.members() : found.members().headSet(before, false);
            return range.descendingSet().stream().limit(limit).toList();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public List<Entry> take(int max, Duration wait) {
        lock.lock();
        try {
            long left = wait.toNanos();
            while (true) {
                List<Entry> taken = claim(max);
                if (!taken.isEmpty() || left <= 0) {
                    return taken;
                }
                left = Math.min(added.awaitNanos(left), left - TimeUnit.MILLISECONDS.toNanos(1));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return List.of();
        } finally {
            lock.unlock();
        }
    }

    private List<Entry> claim(int max) {
        Instant now = clock.instant();
        List<Entry> taken = new ArrayList<>();
        for (var waiting : outbox.entrySet()) {
            Instant claimed = waiting.getValue().claimedUntil();
            if (taken.size() < max && (claimed == null || isOver(claimed, now))) {
                Waiting before = waiting.getValue();
                waiting.setValue(new Waiting(before.event(), before.stored(), now.plus(claim)));
                taken.add(new Entry(waiting.getKey(), before.event()));
            }
        }
        return taken;
    }

    @Override
    public void remove(Collection<Entry> published) {
        lock.lock();
        try {
            published.forEach(entry -> outbox.remove(entry.id()));
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Backlog backlog() {
        lock.lock();
        try {
            Iterator<Waiting> waiting = outbox.values().iterator();
            return new Backlog(outbox.size(), waiting.hasNext() ? waiting.next().stored() : null);
        } finally {
            lock.unlock();
        }
    }
}
