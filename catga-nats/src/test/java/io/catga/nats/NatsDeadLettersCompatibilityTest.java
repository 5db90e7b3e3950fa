package io.catga.nats;

import io.catga.test.DeadLettersCompatibilityKit;
import io.catga.transport.DeadLetters;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;

/** The kit over a real server; one event at a time, because only then is their order kept. */
class NatsDeadLettersCompatibilityTest extends DeadLettersCompatibilityKit {

    private final NatsTestServer server = NatsTestServer.shared();
    private final NatsOptions system = oneAtATime(NatsTestServer.newSystem(List.of(server.url())));
    private final List<NatsPeer> readers = new ArrayList<>();

    private static NatsOptions oneAtATime(NatsOptions system) {
        return system.withEvents(system.events().withMaxConcurrent(1));
    }

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
