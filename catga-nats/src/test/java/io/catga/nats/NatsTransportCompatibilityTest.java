package io.catga.nats;

import io.catga.test.TransportCompatibilityKit;
import io.catga.transport.DeadLetters;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.parallel.Isolated;

/** The kit over a real server. Alone, because it counts how often a request is handled, and a busy machine repeats some. */
@Isolated
class NatsTransportCompatibilityTest extends TransportCompatibilityKit {

    private final NatsTestServer server = NatsTestServer.shared();
    private final NatsOptions system = NatsTestServer.newSystem(List.of(server.url()));
    private final List<NatsPeer> readers = new ArrayList<>();

    @Override
    protected Peer join(String name, Settings settings) {
        return NatsPeer.join(system, name, settings);
    }

    @Override
    protected DeadLetters deadLetters() {
        if (readers.isEmpty()) {
            readers.add(NatsPeer.join(system));
        }
        return new NatsDeadLetters(readers.getFirst().link());
    }

    @AfterEach
    void closeReaders() throws InterruptedException {
        for (NatsPeer reader : readers) {
            reader.leave();
        }
    }
}
