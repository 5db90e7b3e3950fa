package io.catga.spring;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Starts and stops one part of the application at its place in the order. Stopping goes from the top down: first
 * nothing is taken any more and what runs is finished, then the web server drains, then the outbox, and the
 * connections, which everything before still needs, go last. Starting goes the other way.
 */
final class PhasedLifecycle implements SmartLifecycle {

    /** Above the web server: receivers of requests and events. */
    static final int RECEIVERS = DEFAULT_PHASE;
    /** Below the web server, which Spring Boot drains at -1024 and stops at -2048: what publishes in the background. */
    static final int RELAY = DEFAULT_PHASE - 3072;
    /** Below everything that uses them. */
    static final int CONNECTIONS = RELAY - 1024;

    /** Something that stops within a time. */
    @FunctionalInterface
    interface Stop {
        void within(Duration grace) throws InterruptedException;
    }

    private static final Logger LOG = LoggerFactory.getLogger(PhasedLifecycle.class);

    private final String what;
    private final int phase;
    private final Duration grace;
    private final Runnable start;
    private final Stop stop;
    private volatile boolean running;

    PhasedLifecycle(String what, int phase, Duration grace, Runnable start, Stop stop) {
        this.what = what;
        this.phase = phase;
        this.grace = grace;
        this.start = start;
        this.stop = stop;
    }

    @Override
    public void start() {
        start.run();
        running = true;
    }

    @Override
    public void stop() {
        running = false;
        try {
            stop.within(grace);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            LOG.warn("Interrupted while stopping {}", what);
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    /** What is stopped here is closed, and does not start again. */
    @Override
    public boolean isPauseable() {
        return false;
    }

    @Override
    public int getPhase() {
        return phase;
    }

    @Override
    public String toString() {
        return what;
    }
}
