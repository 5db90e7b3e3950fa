package io.catga.transport;

import io.catga.CatgaException;
import io.catga.ErrorCode;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** What the consumers of an {@link InMemoryNetwork} gave up. Thread-safe. */
final class InMemoryDeadLetters implements DeadLetters {

    private final Clock clock;
    private final BiConsumer<String, WireMessage> queue;
    private final ReentrantLock lock = new ReentrantLock();
    private final TreeMap<Long, DeadLetter> letters = new TreeMap<>();
    private long last;

    /**
     * @param queue hands an event to the consumer of a name; must not come back here
     */
    InMemoryDeadLetters(Clock clock, BiConsumer<String, WireMessage> queue) {
        this.clock = clock;
        this.queue = queue;
    }

    void keep(String consumer, WireMessage event, Delivery.GivenUp givenUp, int attempts) {
        lock.lock();
        try {
            last++;
            letters.put(
                    last,
                    new DeadLetter(
                            Long.toString(last),
                            consumer,
                            consumer,
                            event,
                            givenUp.error().code(),
                            givenUp.cause(),
                            attempts,
                            clock.instant()));
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Page list(Filter filter, @Nullable String after, int limit) {
        long begin = after == null ? 0 : number(after).orElseThrow(() -> noPageAfter(after));
        if (limit < 1 || limit > MAX_PAGE) {
            throw new CatgaException(
                    ErrorCode.VALIDATION, "limit must be 1 to %d, but was %d".formatted(MAX_PAGE, limit));
        }
        lock.lock();
        try {
            List<DeadLetter> found = letters.tailMap(begin, false).values().stream()
                    .filter(filter::matches)
                    .limit(limit + 1L)
                    .toList();
            return found.size() <= limit
                    ? new Page(found, null)
                    : new Page(found.subList(0, limit), found.get(limit - 1).id());
        } finally {
            lock.unlock();
        }
    }

    private static CatgaException noPageAfter(String after) {
        return new CatgaException(
                ErrorCode.VALIDATION, "after must be the next of the page before, but was '" + after + "'");
    }

    private static Optional<Long> number(String id) {
        try {
            return Optional.of(Long.parseLong(id));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    @Override
    public Optional<DeadLetter> find(String id) {
        lock.lock();
        try {
            return number(id).map(letters::get);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean replay(String id) {
        lock.lock();
        try {
            Optional<DeadLetter> removed = number(id).map(letters::remove);
            removed.ifPresent(this::queue);
            return removed.isPresent();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Replayed replay(Filter filter) {
        lock.lock();
        try {
            List<DeadLetter> removed = remove(filter);
            removed.forEach(this::queue);
            return new Replayed(removed.size(), Map.of());
        } finally {
            lock.unlock();
        }
    }

    private void queue(DeadLetter letter) {
        queue.accept(letter.consumer(), letter.event());
    }

    private List<DeadLetter> remove(Filter filter) {
        List<DeadLetter> removed =
                letters.values().stream().filter(filter::matches).toList();
        letters.values().removeIf(filter::matches);
        return removed;
    }

    @Override
    public boolean purge(String id) {
        lock.lock();
        try {
            return number(id).map(letters::remove).isPresent();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public long purge(Filter filter) {
        lock.lock();
        try {
            return remove(filter).size();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Stats stats() {
        lock.lock();
        try {
            return new Stats(
                    letters.size(),
                    letters.isEmpty() ? null : letters.firstEntry().getValue().time());
        } finally {
            lock.unlock();
        }
    }
}
