package io.catga.nats;

import static io.catga.nats.TestInbound.message;
import static io.catga.nats.TestInbound.reacting;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.catga.CatgaError;
import io.catga.CatgaException;
import io.catga.ErrorCode;
import io.catga.transport.DeadLetter;
import io.catga.transport.DeadLetters.Filter;
import io.catga.transport.Delivery;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.StorageType;
import io.nats.client.api.StreamConfiguration;
import io.nats.client.impl.Headers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What dead letters in NATS do beyond the kit: older versions, consumers that are gone, and faults in between. */
class NatsDeadLettersTest {

    private static final Duration SOON = Duration.ofSeconds(10);

    private final NatsTestServer server = NatsTestServer.shared();
    private final NatsOptions system = NatsTestServer.newSystem(List.of(server.url()));
    private final List<NatsPeer> peers = new ArrayList<>();
    private final Queue<String> seen = new ConcurrentLinkedQueue<>();

    @AfterEach
    void leave() throws Exception {
        for (NatsPeer peer : peers) {
            peer.leave();
        }
    }

    private NatsPeer join(String consumer) {
        NatsPeer peer = NatsPeer.join(
                system.withConnectionName(consumer).withEvents(system.events().withConsumer(consumer)));
        peers.add(peer);
        return peer;
    }

    private TestInbound failing() {
        return reacting((text, _) -> {
            seen.add(text);
            return new Delivery.GivenUp(CatgaError.of(ErrorCode.INTERNAL, "broken"));
        });
    }

    private void publish(NatsPeer from, String text) {
        assertThat(from.events().publish(message(text, text))).succeedsWithin(SOON);
    }

    private static List<DeadLetter> awaitLetters(NatsDeadLetters letters, int count) {
        await().atMost(SOON).untilAsserted(() -> assertThat(all(letters)).hasSize(count));
        return all(letters);
    }

    private static List<DeadLetter> all(NatsDeadLetters letters) {
        return letters.list(Filter.all(), null, 100).letters();
    }

    private void deleteConsumer(String name) throws Exception {
        server.ask(connection -> connection.jetStreamManagement().deleteConsumer(system.events().stream(), name));
    }

    /** As it was before consumers received replays. */
    private void makeOldConsumer(String name) throws Exception {
        server.ask(connection -> connection
                .jetStreamManagement()
                .addOrUpdateConsumer(
                        system.events().stream(),
                        ConsumerConfiguration.builder()
                                .durable(name)
                                .filterSubjects(system.eventSubject(TestInbound.TYPE))
                                .build()));
    }

    @Test
    void saysAtOnceThatLettersCannotBeReachedWithoutAConnection() {
        try (NatsLink link = new NatsLink(system)) {
            NatsDeadLetters letters = new NatsDeadLetters(link);

            assertThatThrownBy(letters::stats)
                    .isInstanceOfSatisfying(
                            CatgaException.class,
                            e -> assertThat(e.error().code()).isEqualTo(ErrorCode.UNAVAILABLE))
                    .hasMessageContaining("no connection");
        }
    }

    /** What is published to it would wait until it expires, and the letter would be gone. */
    @Test
    void keepsTheLettersOfAConsumerThatIsGoneAndReplaysTheOthers() throws Exception {
        NatsPeer gone = join("gone");
        gone.receive(failing());
        join("there").receive(failing());
        publish(gone, "a");
        NatsDeadLetters letters = new NatsDeadLetters(join("reader").link());
        awaitLetters(letters, 2);
        gone.leave();
        deleteConsumer("gone");
        DeadLetter lost =
                letters.list(Filter.all().ofConsumer("gone"), null, 1).letters().getFirst();

        assertThat(letters.replay(Filter.all())).satisfies(replayed -> {
            assertThat(replayed.letters()).isEqualTo(1);
            assertThat(replayed.skipped())
                    .containsOnlyKeys("gone")
                    .hasEntrySatisfying("gone", why -> assertThat(why).contains("no consumer 'gone'"));
        });
        assertThatThrownBy(() -> letters.replay(lost.id()))
                .isInstanceOfSatisfying(
                        CatgaException.class, e -> assertThat(e.error().code()).isEqualTo(ErrorCode.CONFLICT))
                .hasMessageContaining(lost.id());
        assertThat(letters.find(lost.id())).isPresent();
    }

    /** The consumer has room for 16 events at once, and would begin with all of them. */
    @Test
    void handsReplaysOneAtATimeInTheirOrder() throws Exception {
        AtomicBoolean mended = new AtomicBoolean();
        AtomicInteger atOnce = new AtomicInteger();
        AtomicInteger mostAtOnce = new AtomicInteger();
        NatsPeer peer = join("consumer");
        peer.receive(reacting((text, _) -> {
            if (!mended.get()) {
                return new Delivery.GivenUp(CatgaError.of(ErrorCode.INTERNAL, "broken"));
            }
            mostAtOnce.accumulateAndGet(atOnce.incrementAndGet(), Math::max);
            seen.add(text);
            Thread.yield();
            atOnce.decrementAndGet();
            return new Delivery.Handled();
        }));
        for (int i = 0; i < 50; i++) {
            publish(peer, "event " + i);
        }
        NatsDeadLetters letters = new NatsDeadLetters(peer.link());
        List<String> givenUp = awaitLetters(letters, 50).stream()
                .map(letter -> letter.event().messageId())
                .toList();
        mended.set(true);

        letters.replay(Filter.all());

        await().atMost(SOON).until(() -> seen.size() == 50);
        assertThat(seen).containsExactlyElementsOf(givenUp);
        assertThat(mostAtOnce).hasValue(1);
    }

    @Test
    void replaysNothingToAConsumerOfAVersionThatDoesNotReceiveIt() throws Exception {
        NatsPeer peer = join("old");
        peer.receive(failing());
        publish(peer, "a");
        NatsDeadLetters letters = new NatsDeadLetters(join("reader").link());
        awaitLetters(letters, 1);
        peer.leave();
        makeOldConsumer("old");

        assertThat(letters.replay(Filter.all()).skipped()).containsOnlyKeys("old");
        assertThat(all(letters)).hasSize(1);
    }

    @Test
    void letsAConsumerOfAnOlderVersionReceiveReplaysWhenItIsStartedAnew() throws Exception {
        NatsPeer publisher = join("publisher");
        makeOldConsumer("updated");
        publish(publisher, "a");
        NatsPeer peer = join("updated");
        peer.receive(failing());
        NatsDeadLetters letters = new NatsDeadLetters(publisher.link());
        DeadLetter letter = awaitLetters(letters, 1).getFirst();

        assertThat(letters.replay(letter.id())).isTrue();

        await().atMost(SOON).untilAsserted(() -> assertThat(seen).containsExactly("a", "a"));
    }

    /** The process died between queueing and removing, so to say: here the stream refuses to remove anything. */
    @Test
    void queuesALetterOnceThatCouldNotBeRemovedAfterIt() throws Exception {
        server.ask(connection -> connection
                .jetStreamManagement()
                .addStream(StreamConfiguration.builder()
                        .name(system.events().deadLetterStream())
                        .subjects(system.deadLetterSubject(">"))
                        .storageType(StorageType.File)
                        .denyDelete(true)
                        .build()));
        NatsPeer peer = join("consumer");
        peer.receive(reacting((text, _) -> {
            seen.add(text);
            return seen.size() == 1
                    ? new Delivery.GivenUp(CatgaError.of(ErrorCode.INTERNAL, "broken"))
                    : new Delivery.Handled();
        }));
        publish(peer, "a");
        NatsDeadLetters letters = new NatsDeadLetters(peer.link());
        String id = awaitLetters(letters, 1).getFirst().id();

        for (int times = 0; times < 3; times++) {
            assertThatThrownBy(() -> letters.replay(id)).isInstanceOf(CatgaException.class);
        }
        assertThatThrownBy(() -> letters.replay(Filter.all())).hasMessageContaining("stopped after 0 letters");
        publish(peer, "last");

        await().atMost(SOON).untilAsserted(() -> assertThat(seen).endsWith("last"));
        assertThat(seen).containsExactly("a", "a", "last");
        assertThat(letters.find(id)).isPresent();
    }

    @Test
    void readsALetterOfAnOlderVersionAndWhatIsNoLetter() throws Exception {
        NatsDeadLetters letters = new NatsDeadLetters(join("reader").link());
        Headers old = WireHeaders.of(message("id-1", "a"))
                .put("Catga-Dead-Cause", "CONFLICT: too late")
                .put("Catga-Dead-Consumer", "consumer")
                .put("Catga-Dead-Attempts", "8")
                .put("Catga-Dead-Time", "2026-11-24T10:00:00Z");
        server.ask(connection ->
                connection.jetStream().publish(system.deadLetterSubject(TestInbound.TYPE), old, new byte[] {1}));
        server.ask(connection -> connection.jetStream().publish(system.deadLetterSubject("strange"), new byte[0]));

        assertThat(all(letters))
                .satisfiesExactly(
                        letter -> {
                            assertThat(letter.code()).isEqualTo(ErrorCode.CONFLICT);
                            assertThat(letter.instance()).isEqualTo("consumer");
                            assertThat(letter.attempts()).isEqualTo(8);
                            assertThat(letter.event().headers()).isEmpty();
                        },
                        letter -> assertThat(letter.event().type()).isEqualTo("malformed"));
        assertThat(letters.replay(Filter.all()).letters()).isZero();
    }

    /** One look for each of them would be a page that ends before it comes to what is new. */
    @Test
    void findsANewLetterBehindAnyNumberOfOldOnes() throws Exception {
        NatsDeadLetters letters = new NatsDeadLetters(join("reader").link());
        String subject = system.deadLetterSubject(TestInbound.TYPE);
        server.ask(connection -> {
            for (int i = 0; i < 2100; i++) {
                connection.publish(subject, new byte[0]);
            }
            return connection.jetStream().publish(subject, new byte[0]);
        });
        // by the clock of an instance that is ahead of the server's, as far as it may be
        Instant since = Instant.now().plus(Duration.ofMinutes(1));
        Headers late = WireHeaders.of(message("new", "new")).put("Catga-Dead-Time", since.toString());
        server.ask(connection -> connection.jetStream().publish(subject, late, new byte[0]));

        assertThat(letters.list(Filter.all().since(since), null, 1).letters())
                .singleElement()
                .satisfies(letter -> assertThat(letter.event().messageId()).isEqualTo("new"));
    }

    @Test
    void endsAPageBeforeItsPayloadsAreTooLarge() throws Exception {
        NatsDeadLetters letters = new NatsDeadLetters(join("reader").link());
        for (int i = 0; i < 6; i++) {
            server.ask(connection -> connection
                    .jetStream()
                    .publish(system.deadLetterSubject(TestInbound.TYPE), new byte[(1 << 20) - 1024]));
        }

        var first = letters.list(Filter.all(), null, 100);

        assertThat(first.letters()).hasSize(5);
        assertThat(letters.list(Filter.all(), first.next(), 100).letters()).hasSize(1);
    }
}
