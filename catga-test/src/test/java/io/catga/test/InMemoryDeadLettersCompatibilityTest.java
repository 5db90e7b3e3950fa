package io.catga.test;

import io.catga.transport.DeadLetters;
import io.catga.transport.InMemoryNetwork;
import java.time.Clock;

class InMemoryDeadLettersCompatibilityTest extends DeadLettersCompatibilityKit {

    private final InMemoryNetwork network =
            new InMemoryNetwork(Clock.systemUTC(), Settings.DEFAULTS.maxAttempts(), Settings.DEFAULTS.redelivery());

    @Override
    protected Peer join(String name, Settings settings) {
        return new InMemoryPeer(network, name, settings);
    }

    @Override
    protected DeadLetters deadLetters() {
        return network.deadLetters();
    }
}
