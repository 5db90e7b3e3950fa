package io.catga.spring;

import io.catga.transport.InMemoryNetwork;
import io.catga.transport.InboundMessages;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** That this application takes part in a network in memory: {@link #join} and {@link #leave} once each. */
final class NetworkMembership {

    private static final Logger LOG = LoggerFactory.getLogger(NetworkMembership.class);

    private final InMemoryNetwork network;
    private final String consumer;
    private final InboundMessages inbound;
    private @Nullable AutoCloseable membership;

    NetworkMembership(InMemoryNetwork network, String consumer, InboundMessages inbound) {
        this.network = network;
        this.consumer = consumer;
        this.inbound = inbound;
    }

    void join() {
        LOG.info("[{}] Messages and state stay in the memory of this process, and end with it", consumer);
        membership = network.join(consumer, inbound);
    }

    /** Leaves, and waits for the event in hand no longer than the grace. */
    void leave(Duration grace) throws InterruptedException {
        Thread leaving = Thread.ofVirtual().name("catga-leaving").start(this::close);
        if (!leaving.join(grace)) {
            LOG.warn("An event was still being handled after {}", grace);
        }
    }

    private void close() {
        try {
            Objects.requireNonNull(membership, "join comes before leave").close();
        } catch (Exception e) {
            LOG.warn("The network in memory was left with a failure", e);
        }
    }
}
