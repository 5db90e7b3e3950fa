package io.catga.orders.api;

import io.catga.nats.NatsLink;
import java.time.Duration;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * Lets the web server open its port when there is a connection that requests can be sent over. The load balancer knows an
 * instance as soon as its container runs, and passes on what a closed port refuses; an open one without a connection had
 * requests wait, on a busy machine until they failed. After a while the port opens all the same, so that health can say
 * what is missing.
 */
@Component
final class OpensWhenConnected implements SmartLifecycle {

    /** Below the web server, and above the connections: see {@code PhasedLifecycle} of the starter. */
    static final int PHASE = DEFAULT_PHASE - 3000;

    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private final ObjectProvider<NatsLink> link;
    private volatile boolean running;

    /** @param link absent where everything runs in one process */
    OpensWhenConnected(ObjectProvider<NatsLink> link) {
        this.link = link;
    }

    @Override
    public void start() {
        running = true;
        try {
            NatsLink nats = link.getIfAvailable();
            if (nats != null) {
                nats.awaitConnected(PATIENCE);
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
