package io.catga.nats;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/** The messages that a receiver has taken and not yet answered for. Thread-safe. */
final class InHand<T> {

    private final Set<T> messages = ConcurrentHashMap.newKeySet();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition empty = lock.newCondition();

    void add(T message) {
        messages.add(message);
    }

    void remove(T message) {
        messages.remove(message);
        if (messages.isEmpty()) {
            lock.lock();
            try {
                empty.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }

    void forEach(Consumer<T> action) {
        messages.forEach(action);
    }

    boolean isEmpty() {
        return messages.isEmpty();
    }

    int size() {
        return messages.size();
    }

    /**
     * Waits until there is none.
     *
     * @return whether there is none
     */
    boolean awaitEmpty(Duration patience) throws InterruptedException {
        long left = patience.toNanos();
        lock.lockInterruptibly();
        try {
            while (!messages.isEmpty() && left > 0) {
                left = empty.awaitNanos(left);
            }
            return messages.isEmpty();
        } finally {
            lock.unlock();
        }
    }
}
