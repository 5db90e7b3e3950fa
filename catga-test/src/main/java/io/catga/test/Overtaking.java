package io.catga.test;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Where the messages of one member at one crossing can overtake each other. Thread-safe. */
final class Overtaking {

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition passed = lock.newCondition();
    private long passes;

    /** Says that a message has arrived. */
    void pass() {
        lock.lock();
        try {
            passes++;
            passed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Returns when another message has arrived, or the time is over. */
    void awaitPass(Duration atMost) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long before = passes;
            long left = atMost.toNanos();
            while (passes == before && left > 0) {
                left = passed.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Lets time pass, whatever else happens. */
    static void pause(Duration time) throws InterruptedException {
        TimeUnit.NANOSECONDS.sleep(time.toNanos());
    }
}
