package io.catga.nats;

import static io.catga.nats.TestInbound.answering;
import static io.catga.nats.TestInbound.reacting;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.catga.CatgaError;
import io.catga.ErrorCode;
import io.catga.transport.DeadLetters.Filter;
import io.catga.transport.Delivery;
import io.catga.transport.WireMessage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.slf4j.LoggerFactory;

/**
 * The lines about a message that this module writes itself, outside of any pipeline and of any span. Alone, because lines
 * about connections say nothing of whose they are, and are counted here.
 */
@Isolated
class NatsLogTest {

    private static final Logger ALL = (Logger) LoggerFactory.getLogger("io.catga.nats");
    private static final Duration SOON = Duration.ofSeconds(10);
    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";

    private static final class Lines extends AppenderBase<ILoggingEvent> {

        private final Queue<ILoggingEvent> seen = new ConcurrentLinkedQueue<>();

        @Override
        protected void append(ILoggingEvent line) {
            line.prepareForDeferredProcessing();
            seen.add(line);
        }
    }

    private final NatsTestServer server = NatsTestServer.shared();
    private final NatsOptions system = NatsTestServer.newSystem(List.of(server.url()));
    private final List<NatsPeer> peers = new ArrayList<>();
    private final @Nullable Level before = ALL.getLevel();
    private final Lines lines = new Lines();
    private final String id = UUID.randomUUID().toString();

    @BeforeEach
    void listen() {
        lines.start();
        ALL.setLevel(Level.INFO);
        ALL.addAppender(lines);
    }

    @AfterEach
    void leave() throws Exception {
        ALL.detachAppender(lines);
        ALL.setLevel(before);
        for (NatsPeer peer : peers) {
            peer.leave();
        }
    }

    private NatsPeer join() {
        NatsPeer peer = NatsPeer.join(system);
        peers.add(peer);
        return peer;
    }

    private WireMessage message() {
        Map<String, String> headers = Map.of("traceparent", "00-" + TRACE + "-00f067aa0ba902b7-01");
        return new WireMessage(TestInbound.TYPE, id, headers, new byte[] {'a'});
    }

    private void assertLine(String beginning) {
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(lines.seen)
                        .filteredOn(line -> line.getFormattedMessage().startsWith(beginning))
                        .singleElement()
                        .satisfies(line -> assertThat(line.getMDCPropertyMap())
                                .contains(entry("messageId", id), entry("traceId", TRACE))));
    }

    @Test
    void theLinesOfAnEventThatIsGivenUpAndReplayedHaveItsIds() {
        NatsPeer peer = join();
        peer.receive(reacting((_, _) -> new Delivery.GivenUp(CatgaError.of(ErrorCode.INTERNAL, "broken"))));
        NatsDeadLetters letters = new NatsDeadLetters(peer.link());

        assertThat(peer.events().publish(message())).succeedsWithin(SOON);
        assertLine("Gave up " + TestInbound.TYPE);

        String letter = letters.list(Filter.all(), null, 1).letters().getFirst().id();
        letters.replay(letter);
        assertLine("Replayed the dead letter " + letter);
    }

    @Test
    void anOutageIsToldOnceHoweverOftenTheClientTries() throws Exception {
        try (CuttableProxy proxy = new CuttableProxy(server).open()) {
            NatsPeer peer = NatsPeer.join(NatsTestServer.newSystem(List.of(proxy.url())));
            peers.add(peer);

            for (long outage = 1; outage <= 2; outage++) {
                int refused = proxy.refused();
                proxy.shut();
                await().atMost(SOON).until(() -> proxy.refused() >= refused + 3);
                proxy.open();
                long told = outage;
                await().atMost(SOON).untilAsserted(() -> {
                    assertThat(peer.link().reconnects()).isEqualTo(told);
                    assertThat(told("Reconnected to NATS")).isEqualTo(told);
                });
                assertThat(told("Lost the connection to NATS")).isEqualTo(told);
            }
        }
    }

    private long told(String beginning) {
        return lines.seen.stream()
                .filter(line -> line.getFormattedMessage().startsWith(beginning))
                .count();
    }

    @Test
    void theLineOfAnAnswerThatCannotBeSentHasTheIdsOfItsRequest() {
        NatsPeer peer = join();
        peer.receive(answering(_ -> "x".repeat(1 << 20)));

        peer.requests().request(message(), Instant.now().plus(SOON));

        assertLine("The answer to " + TestInbound.TYPE);
    }
}
