package io.catga.test;

import io.catga.test.TransportCompatibilityKitNodes.Peer;
import io.catga.test.TransportCompatibilityKitNodes.Settings;
import io.catga.transport.EventBus;
import io.catga.transport.InMemoryNetwork;
import io.catga.transport.InboundMessages;
import io.catga.transport.RequestTransport;
import org.jspecify.annotations.Nullable;

/** One process's ends of a network in memory. */
final class InMemoryPeer implements Peer {

    private final InMemoryNetwork network;
    private final String name;
    private final Settings settings;
    private @Nullable AutoCloseable membership;

    InMemoryPeer(InMemoryNetwork network, String name, Settings settings) {
        this.network = network;
        this.name = name;
        this.settings = settings;
    }

    @Override
    public RequestTransport requests() {
        return network.requests();
    }

    @Override
    public EventBus events() {
        return network.events();
    }

    @Override
    public void receive(InboundMessages inbound) {
        membership = network.join(name, inbound, settings.maxConcurrentRequests());
    }

    @Override
    public void leave() throws Exception {
        if (membership != null) {
            membership.close();
        }
    }
}
