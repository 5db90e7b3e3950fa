package io.catga.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.catga.store.AtomicStep;
import io.catga.store.CommitOutcome;
import io.catga.store.Outbox;
import io.catga.store.Outbox.Backlog;
import io.catga.store.Outbox.Entry;
import io.catga.store.StateStore;
import io.catga.transport.WireMessage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * What every {@link Outbox} must do. For whoever writes one: extend this class in a test, say how relays get at the
 * outbox of a test, and JUnit runs what it inherits.
 *
 * <pre>{@code
 * class MyOutboxCompatibilityTest extends OutboxCompatibilityKit {
 *
 *     protected Deployment deploy(Duration claim) {
 *         MySystem system = MyServer.shared().newSystem(claim); // with tables, streams or keys of its own
 *         return new Deployment() {
 *             public StateStore store() {
 *                 return system.store();
 *             }
 *
 *             public Outbox relay(String name) {
 *                 return system.connect(name).outbox();
 *             }
 *
 *             public void close() {
 *                 system.close();
 *             }
 *         };
 *     }
 * }
 * }</pre>
 *
 * <p>An outbox is filled by the steps of a {@link StateStore} and in no other way, so the kit needs both; what the
 * store does beyond that is tested by {@link StateStoreCompatibilityKit}. The outbox must tell time by a clock that
 * runs: the tests wait for claims of half a second to end.
 */
public abstract class OutboxCompatibilityKit extends OutboxCompatibilityKitDeployments {

    @Test
    void givesTheEventsOfAStepUnchangedAndInOrder() throws Exception {
        Deployment deployment = deployed(LONG_CLAIM);
        WireMessage first = new WireMessage(
                "kit.first",
                "id-1",
                Map.of(
                        "catga-correlation-id",
                        "c 1",
                        "traceparent",
                        "00-1-2-01",
                        "odd",
                        " a=b:c,d;\"e\" ",
                        "empty",
                        ""),
                StateStoreCompatibilityKitReads.everyByte());
        WireMessage second = new WireMessage("kit.second", "id-2", Map.of(), new byte[0]);
        committed(deployment, step().publish(first).publish(second));

        List<Entry> taken = take(deployment.relay("relay"), 2);

        assertThat(taken).extracting(Entry::event).usingRecursiveComparison().isEqualTo(List.of(first, second));
    }

    /** So a relay can tell how long an event has waited. */
    @Test
    void saysOfEachEntryWhenItWasStored() throws Exception {
        Deployment deployment = deployed(LONG_CLAIM);
        Outbox relay = deployment.relay("relay");
        committed(deployment, publishing("a"));

        Instant oldest = relay.backlog().oldest();

        assertThat(take(relay, 1)).extracting(Entry::stored).containsExactly(oldest);
    }

    @Test
    void givesTheEventsOfSeveralStepsInTheOrderOfTheSteps() throws Exception {
        Deployment deployment = deployed(LONG_CLAIM);
        Outbox relay = deployment.relay("relay");
        committed(deployment, publishing("a", "b"));
        committed(deployment, publishing());
        committed(deployment, publishing("c"));
        committed(deployment, publishing("d", "e", "f"));

        List<Entry> taken = take(relay, 6);

        assertThat(ids(taken)).containsExactly("a", "b", "c", "d", "e", "f");
        assertThat(taken).extracting(Entry::id).doesNotHaveDuplicates();
        assertNothingComes(relay);
    }

    /** The outbox does not look at message ids; dropping repetitions is the bus's business. */
    @Test
    void keepsTwoEventsApartThatHaveTheSameId() throws Exception {
        Deployment deployment = deployed(LONG_CLAIM);
        committed(deployment, publishing("same", "same"));

        assertThat(ids(take(deployment.relay("relay"), 2))).containsExactly("same", "same");
    }

    @Test
    void addsNothingForAStepThatIsRepeatedOrRefused() throws Exception {
        Deployment deployment = deployed(LONG_CLAIM);
        String scope = UUID.randomUUID().toString();
        AtomicStep step = AtomicStep.forKey(scope, "key", "as asked", new byte[0], RETENTION);
        committed(deployment, step.publish(event("once")).put(scope, new byte[0]));

        commit(deployment, step.publish(event("repeated")));
        commit(
                deployment,
                new AtomicStep(
                        scope,
                        "key",
                        "something else",
                        new byte[0],
                        RETENTION,
                        List.of(),
                        List.of(),
                        List.of(event("other"))));
        commit(deployment, step().expecting(scope, null).publish(event("conflict")));

        assertThat(deployment.relay("relay").backlog().size()).isEqualTo(1);
        assertThat(ids(take(deployment.relay("other"), 1))).containsExactly("once");
        assertNothingComes(deployment.relay("third"));
    }

    @Test
    void givesNoMoreThanTheMaximum() throws Exception {
        Deployment deployment = deployed(LONG_CLAIM);
        Outbox relay = deployment.relay("relay");
        committed(deployment, publishing("a", "b", "c", "d", "e"));

        assertThat(relay.take(2, SOON)).hasSizeBetween(1, 2);
        assertThat(relay.take(1, SOON)).hasSize(1);
    }

    @Test
    void waitsForAnEventThatIsCommittedLater() throws Exception {
        Deployment deployment = deployed(LONG_CLAIM);
        Outbox relay = deployment.relay("relay");
        CompletableFuture<List<Entry>> taking = CompletableFuture.supplyAsync(() -> relay.take(10, SOON));
        await().during(BRIEFLY).atMost(SOON).until(() -> !taking.isDone());

        committed(deployment, publishing("a"));

        assertThat(taking)
                .succeedsWithin(SOON.dividedBy(2))
                .satisfies(taken -> assertThat(ids(taken)).containsExactly("a"));
    }

    @Test
    void givesNothingAfterTheWaitWhereNothingComes() throws Exception {
        Outbox relay = deployed(LONG_CLAIM).relay("relay");
        Instant begun = Instant.now();

        assertThat(relay.take(10, BRIEFLY)).isEmpty();

        assertThat(Duration.between(begun, Instant.now())).isBetween(BRIEFLY.minus(TOLERANCE), SOON.dividedBy(2));
    }

    @Test
    void givesAnEntryToOneRelayOnly() throws Exception {
        Deployment deployment = deployed(LONG_CLAIM);
        Outbox first = deployment.relay("first");
        Outbox second = deployment.relay("second");
        committed(deployment, publishing("a", "b", "c"));

        List<String> taken = new ArrayList<>(ids(take(first, 1)));
        taken.addAll(ids(take(second, 2)));

        assertThat(taken).containsExactly("a", "b", "c");
        assertNothingComes(first);
        assertNothingComes(second);
    }

    @Test
    void givesEveryEntryOnceToRelaysThatTakeTogether() throws Exception {
        Deployment deployment = deployed(LONG_CLAIM);
        Queue<String> seen = new ConcurrentLinkedQueue<>();
        List<Outbox> relays = List.of(deployment.relay("first"), deployment.relay("second"));
        List<String> ids = IntStream.range(0, 300).mapToObj(String::valueOf).toList();
        Stream<Callable<Boolean>> committing =
                ids.stream().map(id -> () -> commit(deployment, publishing(id)).equals(new CommitOutcome.Committed()));
        // each relay has two threads, for an outbox is thread-safe
        Stream<Callable<Boolean>> taking = Stream.of(0, 1, 0, 1).map(i -> () -> {
            Instant end = Instant.now().plus(SOON);
            while (seen.size() < ids.size() && Instant.now().isBefore(end)) {
                seen.addAll(ids(relays.get(i).take(7, Duration.ofMillis(100))));
            }
            return true;
        });

        assertThat(TransportCompatibilityKitNodes.inParallel(
                        Stream.concat(taking, committing).toList()))
                .containsOnly(true);

        assertThat(seen).containsExactlyInAnyOrderElementsOf(ids);
        relays.forEach(OutboxCompatibilityKit::assertNothingComes);
    }

    @Test
    void givesAnEntryToAnotherRelayThatTheFirstHasKeptTooLong() throws Exception {
        Deployment deployment = deployed(SHORT_CLAIM);
        Outbox second = deployment.relay("second");
        committed(deployment, publishing("a", "b"));
        Instant begun = Instant.now();
        List<Entry> kept = take(deployment.relay("first"), 2);

        List<Entry> taken = take(second, 2);

        assertThat(Duration.between(begun, Instant.now())).isGreaterThanOrEqualTo(SHORT_CLAIM.minus(TOLERANCE));
        assertThat(ids(taken)).containsExactly("a", "b");
        assertThat(taken)
                .extracting(Entry::id)
                .isEqualTo(kept.stream().map(Entry::id).toList());
    }

    /** A relay that died and came back under its name has forgotten what it had. */
    @Test
    void givesAnEntryAgainToTheRelayThatHasKeptItTooLong() throws Exception {
        Deployment deployment = deployed(SHORT_CLAIM);
        Outbox relay = deployment.relay("relay");
        committed(deployment, publishing("a"));
        take(relay, 1);

        assertThat(ids(take(relay, 1))).containsExactly("a");
    }

    @Test
    void neverGivesAnEntryAgainThatWasRemoved() throws Exception {
        Deployment deployment = deployed(SHORT_CLAIM);
        Outbox first = deployment.relay("first");
        Outbox second = deployment.relay("second");
        committed(deployment, publishing("a", "removed", "b"));
        List<Entry> taken = take(first, 3);

        first.remove(List.of(taken.get(1)));

        // what was taken with it comes back, so the removed one would have come too
        assertThat(ids(take(second, 2))).containsExactly("a", "b");
        second.remove(List.of(taken.get(0), taken.get(2)));
        assertThat(first.take(10, SHORT_CLAIM.multipliedBy(2))).isEmpty();
        assertThat(second.take(10, SHORT_CLAIM)).isEmpty();
    }

    /** The first was only slow: what it has published need not be published again. */
    @Test
    void removesAnEntryForARelayThatHasLostItToAnother() throws Exception {
        Deployment deployment = deployed(SHORT_CLAIM);
        Outbox slow = deployment.relay("slow");
        Outbox other = deployment.relay("other");
        committed(deployment, publishing("a"));
        List<Entry> kept = take(slow, 1);
        take(other, 1);

        slow.remove(kept);

        assertThat(other.take(10, SHORT_CLAIM.multipliedBy(2))).isEmpty();
        assertThat(other.backlog()).isEqualTo(new Backlog(0, null));
    }

    @Test
    void hasNoBacklogWhereNothingWaits() throws Exception {
        assertThat(deployed(LONG_CLAIM).relay("relay").backlog()).isEqualTo(new Backlog(0, null));
    }

    @Test
    void countsInTheBacklogWhatIsNotRemoved() throws Exception {
        Deployment deployment = deployed(LONG_CLAIM);
        Outbox relay = deployment.relay("relay");
        Outbox other = deployment.relay("other");
        committed(deployment, publishing("a", "b"));
        committed(deployment, publishing("c"));
        assertThat(other.backlog().size()).isEqualTo(3);

        List<Entry> taken = take(relay, 3);

        assertThat(other.backlog().size()).isEqualTo(3);
        relay.remove(taken.subList(0, 1));
        assertThat(other.backlog().size()).isEqualTo(2);
        relay.remove(taken);
        assertThat(other.backlog()).isEqualTo(new Backlog(0, null));
    }

    @Test
    void saysInTheBacklogSinceWhenTheOldestWaits() throws Exception {
        Deployment deployment = deployed(LONG_CLAIM);
        Outbox relay = deployment.relay("relay");
        committed(deployment, publishing("a"));
        Instant first = relay.backlog().oldest();
        assertThat(first).isBetween(Instant.now().minusSeconds(5), Instant.now().plusSeconds(5));

        List<Entry> taken = take(relay, 1);
        assertNothingComes(relay);
        committed(deployment, publishing("b"));

        assertThat(relay.backlog().oldest()).isEqualTo(first);
        relay.remove(taken);
        assertThat(relay.backlog().oldest()).isAfter(first);
    }

    @Test
    void takesNoHarmFromRemovingNothingOrTwice() throws Exception {
        Deployment deployment = deployed(LONG_CLAIM);
        Outbox relay = deployment.relay("relay");
        relay.remove(List.of());
        committed(deployment, publishing("a", "b"));
        List<Entry> first = take(relay, 1);

        relay.remove(first);
        relay.remove(first);
        relay.remove(List.of());

        assertThat(relay.backlog().size()).isEqualTo(1);
        assertThat(ids(take(relay, 1))).containsExactly("b");
    }
}
