package io.catga.notifications;

import io.catga.redis.RedisLink;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * Lets the web server open its port when notifications can be read. The load balancer knows an instance as soon as its
 * container runs, and passes on what a closed port refuses; with an open one, readers waited for Redis in vain on a busy
 * machine. After a while the port opens all the same, so that health can say what is missing.
 */
@Component
final class OpensWhenReadable implements SmartLifecycle {

    /** Below the web server, and above the connections: see {@code PhasedLifecycle} of the starter. */
    static final int PHASE = DEFAULT_PHASE - 3000;

    private static final Duration PATIENCE = Duration.ofSeconds(15);
    private static final Duration LOOK = Duration.ofMillis(20);

    private final ObjectProvider<RedisLink> link;
    private volatile boolean running;

    /** @param link absent where everything runs in one process */
    OpensWhenReadable(ObjectProvider<RedisLink> link) {
        this.link = link;
    }

    @Override
    public void start() {
        running = true;
        try {
            RedisLink redis = link.getIfAvailable();
            long until = System.nanoTime() + PATIENCE.toNanos();
            while (redis != null && !redis.isWritable() && System.nanoTime() < until) {
                TimeUnit.NANOSECONDS.sleep(LOOK.toNanos());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void stop() {
        running = false;
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public int getPhase() {
        return PHASE;
    }
}
