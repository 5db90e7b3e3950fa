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
 * database. Complete but for surviving the process. One lock makes a step atomic. What has outlived its lifetime or
 * retention is removed by later steps, each a little, so that it does not grow by what nobody can see any more.
 */
public final class InMemoryStateStore implements StateStore, Outbox {

    private record Id(String scope, String key) {}

    private record Known(String fingerprint, byte[] result) {}

    private record Waiting(
            WireMessage event, Instant stored, @Nullable Instant claimedUntil) {}

    /** Not the order of strings in Java, which puts what is beyond U+FFFF before U+E000. */
    private static final Comparator<String> BYTE_ORDER =
            Comparator.comparing(member -> member.getBytes(StandardCharsets.UTF_8), Arrays::compareUnsigned);

    private final Clock clock;
    private final Duration claim;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition added = lock.newCondition();
    private final ForgettingMap<Id, Known> known = new ForgettingMap<>();
    private final ForgettingMap<String, byte[]> values = new ForgettingMap<>();
    private final ForgettingMap<String, NavigableSet<String>> indexes = new ForgettingMap<>();
    private final Map<String, Waiting> outbox = new LinkedHashMap<>();
    private long sequence;

    /**
     * Empty; by this clock things are forgotten and claims run out.
     *
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
            Known before = known.get(id, now);
            if (before != null) {
                return before.fingerprint().equals(step.fingerprint())
                        ? new CommitOutcome.Replayed(before.result())
                        : new CommitOutcome.Mismatch();
            }
            for (Expectation expectation : step.expectations()) {
                if (!Arrays.equals(values.get(expectation.key(), now), expectation.value())) {
                    return new CommitOutcome.Conflict(expectation.key());
                }
            }
            known.put(id, new Known(step.fingerprint(), step.result()), now.plus(step.retention()));
            step.writes().forEach(write -> apply(write, now));
            step.events().forEach(event -> outbox.put(Long.toString(++sequence), new Waiting(event, now, null)));
            added.signalAll();
            forget(now, 1 + step.writes().size());
            return new CommitOutcome.Committed();
        } finally {
            lock.unlock();
        }
    }

    private void apply(Write write, Instant now) {
        switch (write) {
            case Write.Put(String key, byte[] value, Duration lifetime) -> values.put(key, value, until(now, lifetime));
            case Write.AddToIndex(String index, String member, Duration lifetime, int most) -> {
                NavigableSet<String> before = indexes.get(index, now);
                NavigableSet<String> members = before == null ? new TreeSet<>(BYTE_ORDER) : before;
                members.add(member);
                while (most > 0 && members.size() > most) {
                    members.pollFirst();
                }
                indexes.put(index, members, until(now, lifetime));
            }
        }
    }

    /**
     * Removes up to twice as much as a step may have added: what has ended goes faster than new things come, and the cost
     * stays in proportion to the step.
     */
    private void forget(Instant now, int entries) {
        known.forget(now, 2 * entries);
        values.forget(now, 2 * entries);
        indexes.forget(now, 2 * entries);
    }

    private static @Nullable Instant until(Instant now, @Nullable Duration lifetime) {
        return lifetime == null ? null : now.plus(lifetime);
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
                    .map(key -> Optional.ofNullable(values.get(key, now)))
                    .toList();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public List<String> greatest(String index, @Nullable String before, int limit, Instant deadline) {
        lock.lock();
        try {
            NavigableSet<String> members = indexes.get(index, clock.instant());
            if (members == null) {
                return List.of();
            }
            NavigableSet<String> range = before == null ? members : members.headSet(before, false);
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
            if (taken.size() < max && (claimed == null || !now.isBefore(claimed))) {
                Waiting before = waiting.getValue();
                waiting.setValue(new Waiting(before.event(), before.stored(), now.plus(claim)));
                taken.add(new Entry(waiting.getKey(), before.event(), before.stored()));
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

    /** How much it keeps. */
    @Override
    public String toString() {
        lock.lock();
        try {
            return "InMemoryStateStore[keys=%d, values=%d, indexes=%d, outbox=%d]"
                    .formatted(known.size(), values.size(), indexes.size(), outbox.size());
        } finally {
            lock.unlock();
        }
    }
}
