package io.catga.floor.cluster;

import java.time.Duration;
import java.util.concurrent.Phaser;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The messages that this instance is at work on, each on a virtual thread; stopping waits for them. */
public final class InHand {

    private final Phaser running = new Phaser(1);

    /** Does it on a thread of its own. */
    public void run(Runnable work) {
        running.register();
        Thread.ofVirtual().start(() -> {
            try {
                work.run();
            } finally {
                running.arriveAndDeregister();
            }
        });
    }

    /** Waits for all that was begun; nothing may be begun any more. */
    public void await(Duration patience) {
        int phase = running.arrive();
        try {
            running.awaitAdvanceInterruptibly(phase, patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (TimeoutException e) {
            // what has not ended by now is asked for again elsewhere
        }
    }
}
