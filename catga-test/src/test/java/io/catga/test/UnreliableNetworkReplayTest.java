package io.catga.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import io.catga.CatgaException;
import io.catga.test.Shop.PlaceOrder;
import io.catga.transport.RequestTransport;
import io.catga.transport.WireMessage;
import io.catga.transport.WireReply;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.testkit.engine.EngineTestKit;

class UnreliableNetworkReplayTest {

    private static final FaultRates RATES = FaultRates.none()
            .withLost(0.2)
            .withAnswerLost(0.2)
            .withRepeated(0.2)
            .withDelayed(0.2, Duration.ofMillis(1))
            .withReordered(0.2, Duration.ofMillis(1));

    private static final WireReply REPLY = new WireReply(Map.of(), new byte[0]);

    private static WireMessage message(String id, String content) {
        return new WireMessage("shop.place-order", id, Map.of(), content.getBytes(StandardCharsets.UTF_8));
    }

    private static void request(RequestTransport transport, WireMessage message) {
        try {
            transport.request(message, Instant.MAX);
        } catch (CatgaException lost) {
            assertThat(lost).hasMessageContaining("unreliable network");
        }
    }

    /** Sends each of a hundred messages three times, in an order that differs from run to run where there are threads. */
    private static List<InjectedFault> run(long seed, int threads) throws Exception {
        UnreliableNetwork network = UnreliableNetwork.seeded(seed).apply(RATES);
        RequestTransport transport = network.around("client", (RequestTransport) (_, _) -> REPLY);
        List<Callable<Boolean>> senders = IntStream.range(0, threads)
                .<Callable<Boolean>>mapToObj(thread -> () -> {
                    IntStream.range(0, 300)
                            .filter(i -> i % threads == thread)
                            .forEach(i -> request(transport, message("key-" + i / 3, "content")));
                    return true;
                })
                .toList();
        TransportCompatibilityKitNodes.inParallel(senders);
        return network.injected();
    }

    @Test
    void hasTheSameFaultsAgainForTheSameSeed() throws Exception {
        assertThat(run(42, 1)).hasSizeGreaterThan(100).isEqualTo(run(42, 1));
    }

    @Test
    void hasOtherFaultsForAnotherSeed() throws Exception {
        assertThat(run(42, 1)).isNotEqualTo(run(43, 1));
    }

    @Test
    void decidesTheSameHoweverThreadsInterleave() throws Exception {
        assertThat(run(42, 8)).containsExactlyInAnyOrderElementsOf(run(42, 1));
    }

    @Test
    void knowsMessagesByTheirContentWhereTheirIdsAreMadeUp() {
        List<List<InjectedFault>> runs = new ArrayList<>();
        for (int run = 0; run < 2; run++) {
            UnreliableNetwork network = UnreliableNetwork.seeded(42).apply(RATES);
            RequestTransport transport = network.around("client", (RequestTransport) (_, _) -> REPLY);
            for (int i = 0; i < 50; i++) {
                request(transport, message(UUID.randomUUID().toString(), "content " + i % 10));
            }
            runs.add(network.injected());
        }

        assertThat(runs.getFirst()).isNotEmpty().isEqualTo(runs.getLast());
    }

    @Test
    void tellsMessagesOfTheSameContentApartWhoseIdsWereChosen() {
        MessageIdentity identity = new MessageIdentity();
        String nameBased = UUID.nameUUIDFromBytes(new byte[] {1}).toString();

        assertThat(identity.apply(message("key-1", "same"))).isNotEqualTo(identity.apply(message("key-2", "same")));
        assertThat(identity.apply(message(nameBased, "same"))).contains(nameBased);
        assertThat(identity.apply(message(UUID.randomUUID().toString(), "same")))
                .isEqualTo(identity.apply(message(UUID.randomUUID().toString(), "same")))
                .isNotEqualTo(identity.apply(message(UUID.randomUUID().toString(), "other")));
        assertThat(identity.apply(message("a key of thirty-six characters......", "same")))
                .contains("thirty-six");
    }

    @Test
    void takesTheIdentityThatItIsGiven() {
        UnreliableNetwork network = UnreliableNetwork.seeded(42, WireMessage::type)
                .apply(FaultRates.none().withLost(1));
        RequestTransport transport = network.around("client", (RequestTransport) (_, _) -> REPLY);

        request(transport, message("a", "random"));
        request(transport, message("b", "more random"));

        assertThat(network.injected()).extracting(InjectedFault::message).containsOnly("shop.place-order");
        assertThat(network.injected()).extracting(InjectedFault::occurrence).containsExactly(1, 2);
    }

    @Test
    void takesTheSeedOfTheSystemProperty() {
        String before = System.setProperty(UnreliableNetwork.SEED_PROPERTY, "4711");
        try {
            assertThat(UnreliableNetwork.create().seed()).isEqualTo(4711);

            System.setProperty(UnreliableNetwork.SEED_PROPERTY, "many");
            assertThatIllegalArgumentException()
                    .isThrownBy(UnreliableNetwork::create)
                    .withMessageContaining("catga.test.seed must be a whole number, but was 'many'");
        } finally {
            if (before == null) {
                System.clearProperty(UnreliableNetwork.SEED_PROPERTY);
            } else {
                System.setProperty(UnreliableNetwork.SEED_PROPERTY, before);
            }
        }
    }

    /** Run by the test below alone. */
    static class FailingUnderFaults {

        @RegisterExtension
        final UnreliableNetwork network = UnreliableNetwork.seeded(4711);

        @Test
        void fails() {
            network.strikeNext(Crossing.REQUEST, PlaceOrder.class, Fault.LOST);
            network.around("client", (RequestTransport) (_, _) -> REPLY).request(message("key-1", "a"), Instant.MAX);
        }
    }

    @Test
    void putsTheSeedAndTheFaultsIntoTheStackTraceOfAFailingTest() {
        EngineTestKit.engine("junit-jupiter")
                .selectors(selectClass(FailingUnderFaults.class))
                .execute()
                .testEvents()
                .failed()
                .assertThatEvents()
                .singleElement()
                .extracting(event -> event.getRequiredPayload(TestExecutionResult.class)
                        .getThrowable()
                        .orElseThrow())
                .satisfies(failure -> assertThat(failure.getSuppressed())
                        .singleElement()
                        .satisfies(suppressed -> assertThat(suppressed)
                                .hasMessageContaining("-Dcatga.test.seed=4711")
                                .hasMessageContaining("shop.place-order 'key-1', no. 1: lost")));
    }
}
