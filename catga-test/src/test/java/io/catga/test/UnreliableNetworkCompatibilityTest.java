package io.catga.test;

import io.catga.transport.DeadLetters;
import io.catga.transport.EventBus;
import io.catga.transport.InMemoryNetwork;
import io.catga.transport.InboundMessages;
import io.catga.transport.RequestTransport;
import java.time.Clock;
import org.jspecify.annotations.Nullable;

/** Without faults it is a network like any other. */
class UnreliableNetworkCompatibilityTest extends TransportCompatibilityKit {

    private final UnreliableNetwork unreliable = UnreliableNetwork.create();
    private final InMemoryNetwork network =
            new InMemoryNetwork(Clock.systemUTC(), Settings.DEFAULTS.maxAttempts(), Settings.DEFAULTS.redelivery());

    @Override
    protected Peer join(String name, Settings settings) {
        return new Peer() {
            private @Nullable AutoCloseable membership;

            @Override
            public RequestTransport requests() {
                return unreliable.around(name, network.requests());
            }

            @Override
            public EventBus events() {
                return unreliable.around(name, network.events());
            }

            @Override
            public void receive(InboundMessages inbound) {
                membership = network.join(name, unreliable.around(name, inbound), settings.maxConcurrentRequests());
            }

            @Override
            public void leave() throws Exception {
                if (membership != null) {
                    membership.close();
                }
            }
        };
    }

    @Override
    protected DeadLetters deadLetters() {
        return network.deadLetters();
    }
}
