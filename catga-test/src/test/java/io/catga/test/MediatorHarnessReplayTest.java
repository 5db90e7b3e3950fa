package io.catga.test;

import static org.assertj.core.api.Assertions.assertThat;

import io.catga.Result;
import io.catga.test.Shop.Asking;
import io.catga.test.Shop.IsPlaced;
import io.catga.test.Shop.OrderPlaced;
import io.catga.test.Shop.Reacting;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

class MediatorHarnessReplayTest {

    private static final FaultRates RATES = FaultRates.none()
            .withLost(0.2)
            .withAnswerLost(0.2)
            .withRepeated(0.2)
            .withDelayed(0.2, Duration.ofMillis(1))
            .withReordered(0.2, Duration.ofMillis(1));

    /** A whole application: two servers, a consumer that fails now and then, message ids that differ from run to run. */
    private static List<InjectedFault> run(long seed) throws Exception {
        UnreliableNetwork network = UnreliableNetwork.seeded(seed).apply(RATES);
        try (MediatorHarness harness = MediatorHarness.builder()
                .catalog(Shop.CATALOG)
                .network(network)
                .redelivery(100, Duration.ofMillis(1))
                .member("one", (mediator, _) -> mediator.handler(new Asking((_, _) -> Result.success(true))))
                .member("two", (mediator, _) -> mediator.handler(new Asking((_, _) -> Result.success(true))))
                .member("consumer", (mediator, _) -> mediator.handler(new Reacting((_, _) -> Result.done())))
                .build()) {
            List<Callable<Boolean>> senders = Collections.nCopies(4, () -> {
                for (int i = 0; i < 20; i++) {
                    harness.mediator().send(new IsPlaced("order " + i));
                    harness.mediator().publish(new OrderPlaced("order " + i));
                }
                return true;
            });
            TransportCompatibilityKitNodes.inParallel(senders);
            harness.settle();
            assertThat(harness.sent(IsPlaced.class)).hasSize(80);
            return network.injected();
        }
    }

    @Test
    void repeatsTheFaultsOfAWholeHarness() throws Exception {
        List<InjectedFault> faults = run(7);

        assertThat(faults)
                .hasSizeGreaterThan(50)
                .extracting(InjectedFault::crossing)
                .contains(Crossing.values());
        assertThat(run(7)).containsExactlyInAnyOrderElementsOf(faults);
        assertThat(Set.copyOf(run(8))).isNotEqualTo(Set.copyOf(faults));
    }
}
