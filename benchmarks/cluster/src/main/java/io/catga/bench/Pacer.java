package io.catga.bench;

import java.nio.channels.Selector;
import java.util.concurrent.locks.LockSupport;

/**
 * Wakes a selector at a moment. A selector's own time-outs are whole milliseconds, which would be most of the latency of a
 * quick answer; a parked thread is late by some fifty microseconds.
 */
final class Pacer implements AutoCloseable {

    private final Selector selector;
    private final Thread thread;
    private volatile long moment = Arrivals.NONE;
    private volatile boolean closed;

    Pacer(Selector selector) {
        this.selector = selector;
        this.thread = Thread.ofPlatform().daemon().name("pacer").start(this::run);
    }

    void wakeAt(long at) {
        if (moment != at) {
            moment = at;
            LockSupport.unpark(thread);
        }
    }

    private void run() {
        while (!closed) {
            long at = moment;
            long wait = at - System.nanoTime();
            if (at == Arrivals.NONE) {
                LockSupport.park(this);
            } else if (wait > 0) {
                LockSupport.parkNanos(this, wait);
            } else {
                moment = Arrivals.NONE;
                selector.wakeup();
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
    }
}
