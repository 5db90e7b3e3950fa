package io.catga.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.awaitility.Awaitility.await;

import io.catga.store.AtomicStep;
import io.catga.store.CommitOutcome;
import io.catga.store.CommitOutcome.Committed;
import io.catga.store.CommitOutcome.Conflict;
import io.catga.store.CommitOutcome.Mismatch;
import io.catga.store.CommitOutcome.Replayed;
import io.catga.store.StateStore;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * What every {@link StateStore} must do. For whoever writes one: extend this class in a test, say where the store is,
 * and JUnit runs what it inherits.
 *
 * <pre>{@code
 * class MyStateStoreCompatibilityTest extends StateStoreCompatibilityKit {
 *
 *     protected StateStore store() {
 *         return MyServer.shared().store();
 *     }
 * }
 * }</pre>
 *
 * <p>The store may be one for all tests and may hold other things: each test uses names of its own and cleans nothing
 * up. It must tell time by a clock that runs, for the tests wait for lifetimes of some 100 ms to end. Some let several
 * threads commit at once, which a store that is not atomic fails sooner or later rather than each time.
 *
 * <p>Where the store is an {@link io.catga.store.Outbox} too, or has one, see {@link OutboxCompatibilityKit}.
 */
public abstract class StateStoreCompatibilityKit extends StateStoreCompatibilityKitReads {

    private static byte[] replayed(CommitOutcome outcome) {
        return outcome instanceof Replayed(byte[] result)
                ? result
                : fail("expected the recorded result, but was " + outcome);
    }

    /** Commits steps in threads that all begin when the last of them is ready. */
    private List<CommitOutcome> race(int threads, IntFunction<AtomicStep> step) throws Exception {
        CyclicBarrier ready = new CyclicBarrier(threads);
        return TransportCompatibilityKitNodes.inParallel(IntStream.range(0, threads)
                .<Callable<CommitOutcome>>mapToObj(i -> () -> {
                    ready.await();
                    return commit(step.apply(i));
                })
                .toList());
    }

    @Test
    void appliesEverythingThatAStepWrites() throws Exception {
        CommitOutcome outcome = commit(step().put(named("a"), bytes("1"))
                .put(named("b"), bytes("2"))
                .addToIndex(named("i"), "m")
                .addToIndex(named("j"), "n"));

        assertThat(outcome).isEqualTo(new Committed());
        assertThat(valueAt("a")).contains("1");
        assertThat(valueAt("b")).contains("2");
        assertThat(members("i")).containsExactly("m");
        assertThat(members("j")).containsExactly("n");
    }

    @Test
    void repeatsTheRecordedResultWhenTheKeyIsSeenAgain() throws Exception {
        committed(step("key", "as asked", "first").put(named("a"), bytes("1")));

        CommitOutcome again = commit(step("key", "as asked", "second")
                .put(named("a"), bytes("2"))
                .put(named("b"), bytes("2"))
                .addToIndex(named("i"), "m"));

        assertThat(replayed(again)).isEqualTo(bytes("first"));
        assertThat(valueAt("a")).contains("1");
        assertThat(valueAt("b")).isEmpty();
        assertThat(members("i")).isEmpty();
    }

    @Test
    void repeatsExactlyTheBytesOfAResult() throws Exception {
        for (byte[] result : List.of(everyByte(), new byte[] {0}, new byte[] {(byte) 0xff, 0}, new byte[0])) {
            AtomicStep step =
                    AtomicStep.forKey(named("scope"), UUID.randomUUID().toString(), "as asked", result, LONG);
            committed(step);

            assertThat(replayed(commit(step))).isEqualTo(result);
            assertThat(replayed(commit(step))).isEqualTo(result);
        }
    }

    /** A repetition of what has succeeded is no conflict with itself. */
    @Test
    void repeatsTheResultThoughTheExpectationIsNotMetAnyMore() throws Exception {
        AtomicStep creating = step("key").expecting(named("k"), null).put(named("k"), bytes("created"));
        committed(creating);

        assertThat(replayed(commit(creating))).isEqualTo(bytes("done"));
    }

    @Test
    void refusesAKeyThatWasUsedForAnotherContent() throws Exception {
        committed(step("key", "as asked", "first").put(named("a"), bytes("1")));

        CommitOutcome other = commit(step("key", "something else", "second")
                .expecting(named("a"), bytes("not this"))
                .put(named("a"), bytes("2"))
                .addToIndex(named("i"), "m"));

        assertThat(other).isEqualTo(new Mismatch());
        assertThat(valueAt("a")).contains("1");
        assertThat(members("i")).isEmpty();
        assertThat(replayed(commit(step("key", "as asked", "third")))).isEqualTo(bytes("first"));
    }

    @Test
    void tellsTheSameKeyInTwoScopesApart() throws Exception {
        AtomicStep here = AtomicStep.forKey(named("here"), "key", "one thing", bytes("1"), LONG);
        AtomicStep there = AtomicStep.forKey(named("there"), "key", "another", bytes("2"), LONG);
        committed(here);
        committed(there);

        assertThat(replayed(commit(here))).isEqualTo(bytes("1"));
        assertThat(replayed(commit(there))).isEqualTo(bytes("2"));
    }

    /** Keys come from clients, who must not be able to reach into another scope with them. */
    @Test
    void tellsScopesAndKeysApartThatReadTheSameTogether() throws Exception {
        for (String separator : List.of(":", "/", "|", "@", " ", "\n", "\0")) {
            String end = UUID.randomUUID().toString();
            committed(AtomicStep.forKey(named("a") + separator + "b", end, "one thing", bytes("1"), LONG));
            committed(AtomicStep.forKey(named("a"), "b" + separator + end, "another", bytes("2"), LONG));
        }
    }

    @Test
    void commitsWhereTheStateIsAsExpected() throws Exception {
        committed(step().expecting(named("k"), null).put(named("k"), everyByte()));
        committed(step().expecting(named("k"), everyByte()).put(named("k"), bytes("")));
        committed(step().expecting(named("k"), bytes(""))
                .expecting(named("other"), null)
                .put(named("k"), bytes("last")));

        assertThat(valueAt("k")).contains("last");
    }

    @Test
    void refusesWhatTheStateDoesNotMeet() throws Exception {
        committed(step().put(named("k"), bytes("x")).put(named("empty"), bytes("")));

        assertThat(commit(step().expecting(named("k"), null))).isEqualTo(new Conflict(named("k")));
        assertThat(commit(step().expecting(named("k"), bytes("y")))).isEqualTo(new Conflict(named("k")));
        assertThat(commit(step().expecting(named("k"), bytes("")))).isEqualTo(new Conflict(named("k")));
        assertThat(commit(step().expecting(named("nowhere"), bytes("x")))).isEqualTo(new Conflict(named("nowhere")));
    }

    @Test
    void tellsAnEmptyValueFromNone() throws Exception {
        committed(step().put(named("empty"), bytes("")));

        assertThat(commit(step().expecting(named("empty"), null))).isEqualTo(new Conflict(named("empty")));
        assertThat(commit(step().expecting(named("none"), bytes("")))).isEqualTo(new Conflict(named("none")));
    }

    @Test
    void expectsNothingWhereAValueWasForgotten() throws Exception {
        committed(step().put(named("k"), bytes("x"), BRIEFLY));

        await().atMost(SOON)
                .until(() -> commit(step().expecting(named("k"), null)).equals(new Committed()));
    }

    @Test
    void namesTheFirstKeyThatIsNotAsExpected() throws Exception {
        committed(step().put(named("a"), bytes("1")).put(named("b"), bytes("2")));

        CommitOutcome outcome = commit(step().expecting(named("a"), bytes("1"))
                .expecting(named("none"), null)
                .expecting(named("b"), bytes("3"))
                .expecting(named("a"), null));

        assertThat(outcome).isEqualTo(new Conflict(named("b")));
    }

    @Test
    void changesNothingInAConflict() throws Exception {
        committed(step().put(named("a"), bytes("1")));

        commit(step().expecting(named("b"), null)
                .expecting(named("a"), null)
                .put(named("a"), bytes("2"))
                .put(named("b"), bytes("2"))
                .addToIndex(named("i"), "m"));

        assertThat(valueAt("a")).contains("1");
        assertThat(valueAt("b")).isEmpty();
        assertThat(members("i")).isEmpty();
    }

    @Test
    void forgetsTheKeyOfAConflict() throws Exception {
        commit(step("key", "as asked", "first").expecting(named("k"), bytes("1")));
        committed(step().put(named("k"), bytes("1")));

        committed(step("key", "as asked", "second").expecting(named("k"), bytes("1")));

        assertThat(replayed(commit(step("key", "as asked", "third")))).isEqualTo(bytes("second"));
    }

    @Test
    void looksAtTheExpectationsBeforeItWrites() throws Exception {
        committed(step().put(named("k"), bytes("new")).expecting(named("k"), null));

        assertThat(valueAt("k")).contains("new");
    }

    @Test
    void letsOneOfManyWinThatRaceForOneKey() throws Exception {
        List<CommitOutcome> outcomes =
                race(64, i -> step("key", "as asked", "result " + i).put(named("winner"), bytes("result " + i)));

        String winner = valueAt("winner").orElseThrow();
        assertThat(outcomes).filteredOn(new Committed()::equals).hasSize(1);
        assertThat(outcomes)
                .filteredOn(outcome -> !outcome.equals(new Committed()))
                .hasSize(63)
                .allSatisfy(outcome -> assertThat(text(replayed(outcome))).isEqualTo(winner));
    }

    @Test
    void letsOneOfManyWinThatExpectTheSame() throws Exception {
        List<CommitOutcome> outcomes =
                race(32, i -> step().expecting(named("k"), null).put(named("k"), bytes("by " + i)));

        assertThat(outcomes).filteredOn(new Committed()::equals).hasSize(1);
        assertThat(outcomes).filteredOn(new Conflict(named("k"))::equals).hasSize(31);
        int winner = outcomes.indexOf(new Committed());
        assertThat(valueAt("k")).contains("by " + winner);
    }

    @Test
    void losesNoneOfManyStepsThatAreCommittedTogether() throws Exception {
        List<CommitOutcome> outcomes =
                race(300, i -> step().put(named("k" + i), bytes("v" + i)).addToIndex(named("i"), String.valueOf(i)));

        assertThat(outcomes).hasSize(300).containsOnly(new Committed());
        List<String> keys =
                IntStream.range(0, 300).mapToObj(i -> named("k" + i)).toList();
        assertThat(store().getAll(keys, deadline()))
                .extracting(value -> text(value.orElseThrow()))
                .containsExactlyElementsOf(
                        IntStream.range(0, 300).mapToObj(i -> "v" + i).toList());
        assertThat(members("i")).hasSize(300);
    }

    @Test
    void losesNoChangeWhereManyChangeOneValue() throws Exception {
        committed(step().put(named("count"), bytes("0")));
        Instant end = deadline();

        TransportCompatibilityKitNodes.inParallel(IntStream.range(0, 16)
                .<Callable<Boolean>>mapToObj(_ -> () -> {
                    boolean done = incremented();
                    while (!done && Instant.now().isBefore(end)) {
                        done = incremented();
                    }
                    return done;
                })
                .toList());

        assertThat(valueAt("count")).contains("16");
    }

    private boolean incremented() throws Exception {
        String count = valueAt("count").orElseThrow();
        AtomicStep step = step().expecting(named("count"), bytes(count))
                .put(named("count"), bytes(String.valueOf(Integer.parseInt(count) + 1)));
        return commit(step).equals(new Committed());
    }

    @Test
    void remembersAKeyNoLongerThanItsRetention() throws Exception {
        Instant begun = Instant.now();
        AtomicStep brief = AtomicStep.forKey(named("scope"), "brief", "as asked", bytes("x"), BRIEFLY);
        committed(brief);
        committed(step("long"));

        // repeating it does not prolong the retention, or this would never end
        assertEndsAfter(BRIEFLY, begun, () -> commit(brief).equals(new Committed()));
        assertThat(replayed(commit(step("long")))).isEqualTo(bytes("done"));
    }
}
