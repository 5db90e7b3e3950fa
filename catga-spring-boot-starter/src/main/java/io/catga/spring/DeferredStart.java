package io.catga.spring;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts a part of the application in the background, as soon as its prerequisites are met, however long that takes.
 * {@link #start} and {@link #stop} are called once each.
 */
final class DeferredStart {

    private static final Logger LOG = LoggerFactory.getLogger(DeferredStart.class);

    private static final Duration LOOK = Duration.ofMillis(20);

    private final String what;
    private final List<Prerequisite> prerequisites;
    private final Runnable start;
    private final PhasedLifecycle.Stop stop;
    private final CountDownLatch stopping = new CountDownLatch(1);
    /** Written by the waiting thread, and read when that has ended. */
    private boolean started;

    private @Nullable Thread waiting;

    DeferredStart(String what, List<Prerequisite> prerequisites, Runnable start, PhasedLifecycle.Stop stop) {
        this.what = what;
        this.prerequisites = prerequisites;
        this.start = start;
        this.stop = stop;
    }

    void start() {
        waiting = Thread.ofVirtual().name("catga-start").start(this::startWhenReady);
    }

    private void startWhenReady() {
        try {
            while (!prerequisites.stream().allMatch(Prerequisite::isMet)) {
                if (stopping.await(LOOK.toNanos(), TimeUnit.NANOSECONDS)) {
                    return;
                }
            }
            if (stopping.getCount() > 0) {
                started = true;
                start.run();
            }
        } catch (InterruptedException e) {
            LOG.debug("Interrupted before {} could start", what);
        }
    }

    void stop(Duration grace) throws InterruptedException {
        stopping.countDown();
        Thread starting = waiting;
        if (starting != null) {
            starting.join();
        }
        if (started) {
            stop.within(grace);
        }
    }
}
