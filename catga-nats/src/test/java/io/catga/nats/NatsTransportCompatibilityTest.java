package io.catga.nats;

import static java.util.Objects.requireNonNull;

import io.catga.test.TransportCompatibilityKit;
import io.nats.client.JetStreamManagement;
import io.nats.client.api.MessageInfo;
import io.nats.client.impl.Headers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.parallel.Isolated;

/** The kit over a real server. Alone, because it counts how often a request is handled, and a busy machine repeats some. */
@Isolated
class NatsTransportCompatibilityTest extends TransportCompatibilityKit {

    private final NatsTestServer server = NatsTestServer.shared();
    private final NatsOptions system = NatsTestServer.newSystem(List.of(server.url()));

    @Override
    protected Peer join(String name, Settings settings) {
        NatsEventOptions.Redelivery redelivery = NatsEventOptions.Redelivery.defaults()
                .withMaxAttempts(settings.maxAttempts())
                .withPauses(settings.redelivery(), Duration.ofSeconds(1));
        return NatsPeer.join(system.withConnectionName(name)
                .withRequests(system.requests().withMaxConcurrent(settings.maxConcurrentRequests()))
                .withEvents(system.events().withConsumer(name).withRedelivery(redelivery)));
    }

    @Override
    protected List<DeadLetter> deadLetters() throws Exception {
        return server.ask(connection -> {
            JetStreamManagement management = connection.jetStreamManagement();
            String stream = system.events().deadLetterStream();
            long count = management.getStreamInfo(stream).getStreamState().getLastSequence();
            List<DeadLetter> letters = new ArrayList<>();
            for (long sequence = 1; sequence <= count; sequence++) {
                letters.add(deadLetter(management.getMessage(stream, sequence)));
            }
            return letters;
        });
    }

    private static DeadLetter deadLetter(MessageInfo stored) {
        Headers headers = requireNonNull(stored.getHeaders());
        return new DeadLetter(
                header(headers, DeadLetters.CONSUMER),
                header(headers, WireHeaders.MESSAGE_ID),
                header(headers, WireHeaders.TYPE),
                header(headers, DeadLetters.CAUSE),
                Integer.parseInt(header(headers, DeadLetters.ATTEMPTS)));
    }

    private static String header(Headers headers, String name) {
        return requireNonNull(headers.getFirst(name), name);
    }
}
