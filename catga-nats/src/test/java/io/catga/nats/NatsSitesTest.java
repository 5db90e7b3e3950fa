package io.catga.nats;

import static io.catga.nats.TestInbound.answering;
import static io.catga.nats.TestInbound.message;
import static io.catga.nats.TestInbound.reacting;
import static io.catga.nats.TestInbound.text;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.catga.transport.Delivery;
import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.api.ClusterInfo;
import io.nats.client.api.StreamConfiguration;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.testcontainers.containers.Network;
import org.testcontainers.lifecycle.Startables;

/** Two data centres, joined by gateways; the {@code multi-dc} cluster has them with three nodes each. */
class NatsSitesTest {

    private static final Duration SOON = Duration.ofSeconds(30);
    /** The nodes ping each other every 250 ms; the leader of JetStream gives up later. */
    private static final Duration NOTICED = Duration.ofSeconds(60);

    private static final int NOT_AVAILABLE = 503;

    private final Network network = Network.newNetwork();
    private final List<NatsTestServer> nodes = NatsTestServer.sites(network);
    private final List<NatsPeer> peers = new ArrayList<>();

    @BeforeEach
    void start() {
        Startables.deepStart(nodes).join();
    }

    @AfterEach
    void stop() throws Exception {
        for (NatsPeer peer : peers) {
            peer.leave();
        }
        nodes.forEach(NatsTestServer::stop);
        network.close();
    }

    private NatsOptions system() {
        return NatsTestServer.newSystem(List.of(nodes.getFirst().url()));
    }

    /** With its data at one site, and connected to the node of the same or of another. */
    private NatsOptions of(NatsOptions system, String site, String node) {
        List<String> others =
                NatsTestServer.SITES.stream().filter(name -> !name.equals(site)).toList();
        return system.withSite(site, others)
                .withServers(
                        List.of(nodes.get(NatsTestServer.SITES.indexOf(node)).url()))
                .withEvents(system.withSite(site, others).events().withConsumer("at-" + site));
    }

    private NatsPeer join(NatsOptions options) {
        NatsPeer peer = NatsPeer.join(options);
        peers.add(peer);
        return peer;
    }

    private static TestInbound noting(Queue<String> seen) {
        return reacting((text, _) -> {
            seen.add(text);
            return new Delivery.Handled();
        });
    }

    private static void publish(NatsPeer from, String text) {
        assertThat(from.events().publish(message(text, text))).succeedsWithin(SOON);
    }

    @Test
    void everyConsumerReceivesTheEventsOfAllSitesOnce() throws Exception {
        NatsOptions system = system();
        Queue<String> atOne = new ConcurrentLinkedQueue<>();
        Queue<String> atTwo = new ConcurrentLinkedQueue<>();
        NatsPeer one = join(of(system, "one", "one"));
        NatsPeer two = join(of(system, "two", "two"));
        one.receive(noting(atOne));
        two.receive(noting(atTwo));

        publish(one, "from one");
        publish(two, "from two");

        await().atMost(SOON).untilAsserted(() -> {
            assertThat(atOne).containsExactlyInAnyOrder("from one", "from two");
            assertThat(atTwo).containsExactlyInAnyOrder("from one", "from two");
        });
        publish(one, "and again");
        await().atMost(SOON).untilAsserted(() -> assertThat(atTwo).contains("and again"));
        assertThat(atOne).doesNotHaveDuplicates().hasSize(3);
        assertThat(atTwo).doesNotHaveDuplicates().hasSize(3);
        for (String site : NatsTestServer.SITES) {
            assertThat(clusterThatKeeps(of(system, site, site).events().stream()))
                    .isEqualTo(site);
        }
    }

    private String clusterThatKeeps(String stream) throws Exception {
        return nodes.getFirst().ask(connection -> {
            ClusterInfo copies = connection
                    .jetStreamManagement(NatsLink.JETSTREAM)
                    .getStreamInfo(stream)
                    .getClusterInfo();
            return String.valueOf(requireNonNull(copies).getName());
        });
    }

    @Test
    void aRequestStaysAtItsSiteAndIsAnsweredElsewhereWhenNobodyIsThere() throws Exception {
        NatsOptions system = system();
        NatsPeer client = join(of(system, "one", "one"));
        NatsPeer local = join(of(system, "one", "one"));
        NatsPeer standIn = join(of(system, "one", "two"));
        NatsPeer other = join(of(system, "two", "two"));
        local.receive(answering(_ -> "local"));
        standIn.receive(answering(_ -> "stand-in"));
        other.receive(answering(_ -> "other"));

        List<String> together = ask(client, 100);
        local.leave();
        peers.remove(local);
        List<String> alone = ask(client, 20);

        assertThat(together).containsOnly("local");
        assertThat(alone).containsOnly("stand-in");
    }

    private static List<String> ask(NatsPeer client, int times) {
        List<String> answers = new ArrayList<>();
        for (int i = 0; i < times; i++) {
            answers.add(text(client.requests()
                    .request(message("id", "text"), Instant.now().plus(SOON))
                    .payload()));
        }
        return answers;
    }

    /** One of two nodes is no majority, so nobody leads JetStream, and no consumer can be made. */
    @Test
    void aConsumerThatHasBeenThereGoesOnWhereJetStreamHasNoLeader() throws Exception {
        NatsOptions here = of(system(), "one", "one");
        Queue<String> seen = new ConcurrentLinkedQueue<>();
        NatsPeer before = join(here);
        before.receive(noting(seen));
        publish(before, "before");
        await().atMost(SOON).until(() -> seen.contains("before"));
        before.leave();
        peers.remove(before);

        nodes.getLast().stop();
        NatsTestServer left = nodes.getFirst();
        await().atMost(NOTICED).until(() -> left.ask(connection -> isRefused(connection, "another")));
        NatsPeer after = join(here);
        after.receive(noting(seen));
        publish(after, "after");

        await().atMost(SOON).untilAsserted(() -> assertThat(seen).containsExactly("before", "after"));
    }

    private static boolean isRefused(Connection connection, String stream) throws Exception {
        try {
            connection
                    .jetStreamManagement()
                    .addStream(StreamConfiguration.builder()
                            .name(stream)
                            .subjects(stream)
                            .build());
            return false;
        } catch (JetStreamApiException e) {
            return e.getErrorCode() == NOT_AVAILABLE;
        } catch (IOException e) {
            // no leader has answered, and no node has noticed yet
            return false;
        }
    }
}
