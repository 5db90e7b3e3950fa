package io.catga.nats;

import static io.catga.nats.TestInbound.message;
import static io.catga.nats.TestInbound.reacting;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.catga.CatgaException;
import io.catga.nats.NatsStreamStates.State;
import io.catga.transport.Delivery;
import io.nats.client.JetStreamManagement;
import io.nats.client.api.ClusterInfo;
import io.nats.client.api.StreamConfiguration;
import io.nats.client.api.StreamInfo;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.testcontainers.containers.Network;
import org.testcontainers.lifecycle.Startables;

/** What only a cluster shows: three copies, of which one may be lost. */
class NatsClusterTest {

    /** An election takes 4 to 8 s on an idle machine. */
    private static final Duration ELECTION = Duration.ofSeconds(30);

    private final Network network = Network.newNetwork();
    private final List<NatsTestServer> nodes = NatsTestServer.cluster(network);

    @BeforeEach
    void start() {
        Startables.deepStart(nodes).join();
    }

    @AfterEach
    void stop() {
        nodes.forEach(NatsTestServer::stop);
        network.close();
    }

    @Test
    void losesNoEventWhenTheNodeIsKilledThatLeadsTheStream() throws Exception {
        NatsOptions single =
                NatsTestServer.newSystem(nodes.stream().map(NatsTestServer::url).toList());
        NatsEventOptions events =
                single.events().withRetention(single.events().retention().withReplicas(3));
        Set<String> seen = ConcurrentHashMap.newKeySet();
        NatsPeer peer = NatsPeer.join(single.withEvents(events));
        try {
            peer.receive(reacting((text, _) -> {
                seen.add(text);
                return new Delivery.Handled();
            }));
            publish(peer, "before");
            await().atMost(ELECTION).untilAsserted(() -> assertThat(seen).containsExactly("before"));

            JetStreamManagement management =
                    requireNonNull(peer.link().connection()).jetStreamManagement(NatsLink.JETSTREAM);
            StreamInfo stream = management.getStreamInfo(events.stream());
            ClusterInfo copies = requireNonNull(stream.getClusterInfo());
            assertThat(stream.getConfiguration().getReplicas()).isEqualTo(3);
            assertThat(copies.getReplicas()).hasSize(2);
            assertThat(management.getStreamInfo(events.deadLetterStream()).getConfiguration())
                    .returns(3, StreamConfiguration::getReplicas);
            assertThat(management
                            .getConsumerInfo(events.stream(), events.durable())
                            .getClusterInfo())
                    .isNotNull()
                    .satisfies(cluster -> assertThat(cluster.getReplicas()).hasSize(2));

            node(requireNonNull(copies.getLeader())).stop();
            publish(peer, "after");

            await().atMost(ELECTION).untilAsserted(() -> assertThat(seen).containsExactlyInAnyOrder("before", "after"));
        } finally {
            peer.leave();
        }
    }

    @Test
    void saysHowManyCopiesOfAStreamAreCurrentAndWhenItHasLostItsLeader() throws Exception {
        NatsOptions single =
                NatsTestServer.newSystem(nodes.stream().map(NatsTestServer::url).toList());
        NatsEventOptions events =
                single.events().withRetention(single.events().retention().withReplicas(3));
        NatsPeer peer = NatsPeer.join(single.withEvents(events));
        try {
            NatsStreamStates states = new NatsStreamStates(peer.link());
            publish(peer, "one");
            publish(peer, "two");
            await().atMost(ELECTION)
                    .untilAsserted(() -> assertThat(states.ask(events.stream())).isEqualTo(new State(true, 2L, 3)));

            nodes.getFirst().stop();
            await().atMost(ELECTION)
                    .ignoreExceptionsInstanceOf(CatgaException.class)
                    .untilAsserted(() -> assertThat(states.ask(events.stream())).isEqualTo(new State(true, 2L, 2)));

            nodes.getLast().stop();
            await().atMost(ELECTION)
                    .ignoreExceptionsInstanceOf(CatgaException.class)
                    .untilAsserted(() -> assertThat(states.ask(events.stream())).isEqualTo(new State(false, null, 0)));
        } finally {
            peer.leave();
        }
    }

    private NatsTestServer node(String name) {
        return nodes.get(NatsTestServer.NODES.indexOf(name));
    }

    /** As an outbox does: again with the same id, until it is confirmed. */
    private static void publish(NatsPeer from, String text) {
        await().atMost(ELECTION)
                .untilAsserted(() ->
                        assertThat(from.events().publish(message(text, text))).succeedsWithin(Duration.ofSeconds(10)));
    }
}
