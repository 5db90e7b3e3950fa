package io.catga.bench;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * What has to be put back, the last first: at the end of a scenario, or when the run is interrupted. Thread-safe.
 */
final class Undo {

    /** A step, and what it does, in words for whoever has to do it by hand. */
    private record Step(String what, Runnable action) {}

    private final Deque<Step> steps = new ArrayDeque<>();
    private volatile boolean interrupted;

    synchronized void later(String what, Runnable action) {
        steps.push(new Step(what, action));
    }

    /** Does it all. What fails is told, and the rest done all the same. */
    synchronized void now() {
        while (!steps.isEmpty()) {
            Step step = steps.pop();
            try {
                step.action().run();
            } catch (RuntimeException e) {
                System.err.printf("could not %s: %s%n", step.what(), e.getMessage());
            }
        }
    }

    /** The run is over before its end: nothing that is measured from here on is what it seems. */
    void interrupted() {
        interrupted = true;
        now();
    }

    /** @throws Failed where the run has been interrupted, perhaps in the middle of what has just been measured */
    void check() {
        if (interrupted) {
            throw new Failed("interrupted");
        }
    }

    synchronized boolean isEmpty() {
        return steps.isEmpty();
    }
}
