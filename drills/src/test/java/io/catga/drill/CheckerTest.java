package io.catga.drill;

import static org.assertj.core.api.Assertions.assertThat;

import io.catga.drill.Observation.Repeat;
import io.catga.drill.Observation.Stored;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Plants one thing that is wrong in a run that is otherwise right, and expects to have it found, and nothing else. */
class CheckerTest {

    private static final String ONE = "cluster-notification-service-1";
    private static final String TWO = "cluster-notification-service-2";
    private static final long SECOND = 1_000_000;
    private static final Promise PROMISE =
            Promise.noFailure(Duration.ofSeconds(1)).withoutRedelivery();

    /** A run of a hundred orders, one each tenth of a second, that can be spoilt. */
    private static final class Run {
        final List<Operation> operations = new ArrayList<>();
        final List<Stored> stored = new ArrayList<>();
        final Map<String, Set<String>> notified = new TreeMap<>();
        final Map<String, Map<String, Integer>> received = new HashMap<>();
        final Map<String, Integer> executions = new HashMap<>();
        final Set<String> announced = new HashSet<>();
        final List<Repeat> repeats = new ArrayList<>();
        long redeliveries;

        Run() {
            for (int i = 0; i < 100; i++) {
                operations.add(operation(i, Outcome.ACKNOWLEDGED));
                stored.add(new Stored("order-" + i, "key-" + i));
                executions.put("key-" + i, 1);
            }
            for (String instance : List.of(ONE, TWO)) {
                notified.put(
                        instance, stored.stream().map(Stored::orderId).collect(Collectors.toCollection(HashSet::new)));
                stored.forEach(order -> received(instance, order.orderId(), 1));
            }
            repeats.add(new Repeat("key-7", "order-7", "order-7"));
        }

        static Operation operation(int i, Outcome outcome) {
            boolean acknowledged = outcome == Outcome.ACKNOWLEDGED;
            long start = i * SECOND / 10;
            return new Operation(
                    "key-" + i,
                    true,
                    "customer",
                    start,
                    start + SECOND / 100,
                    outcome,
                    acknowledged ? 201 : 503,
                    "",
                    acknowledged ? "order-" + i : null,
                    "api",
                    "service");
        }

        void received(String instance, String order, int times) {
            received.computeIfAbsent(instance, _ -> new HashMap<>()).put(order, times);
        }

        void unstore(int i) {
            stored.removeIf(order -> order.orderId().equals("order-" + i));
        }

        History history() {
            return new History(operations, 3 * SECOND, 5 * SECOND, 6 * SECOND);
        }

        Verdict verdict() {
            return Checker.judge(
                    history(),
                    new Observation(stored, notified, received, executions, announced, redeliveries, repeats));
        }

        List<String> broken() {
            return PROMISE.broken(verdict(), history());
        }
    }

    private static Run spoilt(Consumer<Run> how) {
        Run run = new Run();
        how.accept(run);
        return run;
    }

    @Test
    void findsNothingWhereAllIsRight() {
        Run run = new Run();

        assertThat(run.broken()).isEmpty();
        Verdict verdict = run.verdict();
        assertThat(verdict.acknowledged()).isEqualTo(100);
        assertThat(verdict.gap()).isEqualTo(SECOND / 10);
        assertThat(verdict.before().count()).isEqualTo(30);
        assertThat(verdict.during().count()).isEqualTo(30);
        assertThat(verdict.after().count()).isEqualTo(40);
        assertThat(verdict.after().p99()).isEqualTo(SECOND / 100);
    }

    @Test
    void findsALostOrder() {
        Run run = spoilt(any -> any.unstore(42));

        assertThat(run.verdict().lost()).containsExactly("key-42 acknowledged as order-42");
        assertThat(run.broken()).singleElement().asString().startsWith("1 lost");
    }

    @Test
    void anAcknowledgedOrderOfWhichAnotherWasStoredIsLost() {
        Run run = spoilt(any -> {
            any.unstore(42);
            any.stored.add(new Stored("other", "key-42"));
            any.notified.values().forEach(orders -> orders.add("other"));
        });

        assertThat(run.verdict().lost()).hasSize(1);
        assertThat(run.verdict().twice()).isEmpty();
    }

    @Test
    void findsAnOrderThatWasMadeTwice() {
        Run run = spoilt(any -> {
            any.stored.add(new Stored("second", "key-42"));
            any.notified.values().forEach(orders -> orders.add("second"));
        });

        assertThat(run.verdict().twice()).singleElement().asString().startsWith("key-42 stored as");
        assertThat(run.broken()).singleElement().asString().startsWith("1 made twice");
    }

    @Test
    void findsAnOrderThatWasAcknowledgedToTwoRequests() {
        Run run = spoilt(any -> {
            Operation known = any.operations.get(42);
            any.operations.set(
                    43,
                    new Operation(
                            "key-43",
                            true,
                            known.customer(),
                            known.start() + SECOND / 10,
                            known.end() + SECOND / 10,
                            known.outcome(),
                            known.status(),
                            "",
                            known.orderId(),
                            "",
                            ""));
        });

        assertThat(run.verdict().twice()).contains("order-42 acknowledged to key-42 and to key-43");
        assertThat(run.broken()).isNotEmpty();
    }

    @Test
    void findsAnOrderThatNobodyAskedFor() {
        Run run = spoilt(any -> {
            any.stored.add(new Stored("phantom", "nobody's"));
            any.notified.values().forEach(orders -> orders.add("phantom"));
        });

        assertThat(run.verdict().phantoms()).containsExactly("phantom was asked for by nobody, its key is nobody's");
        assertThat(run.broken()).singleElement().asString().startsWith("1 nobody asked for");
    }

    @Test
    void anOrderThatWasRefusedMustNotBeThere() {
        Run run = spoilt(any -> any.operations.set(42, Run.operation(42, Outcome.REFUSED)));

        assertThat(run.verdict().phantoms()).hasSize(1);
    }

    @Test
    void whereNobodyKnowsTheOutcomeEitherIsRight() {
        Run there = spoilt(any -> any.operations.set(42, Run.operation(42, Outcome.UNKNOWN)));
        Run notThere = spoilt(any -> {
            any.operations.set(42, Run.operation(42, Outcome.UNKNOWN));
            any.unstore(42);
        });

        for (Run run : List.of(there, notThere)) {
            assertThat(run.verdict().lost()).isEmpty();
            assertThat(run.verdict().phantoms()).isEmpty();
            assertThat(run.verdict().failed()).isEqualTo(1);
            assertThat(run.verdict().failures()).isEqualTo(Map.of(4L, 1));
            assertThat(run.broken()).containsExactly("1 of 100 requests failed");
        }
    }

    @Test
    void findsAnEventOfAnOrderThatIsNotThere() {
        Run run = spoilt(any -> any.announced.add("forgotten"));

        assertThat(run.verdict().phantoms()).containsExactly("forgotten was announced and is not stored");
    }

    @Test
    void findsAnEventThatOneInstanceMissed() {
        Run run = spoilt(any -> any.notified.computeIfPresent(TWO, (_, orders) -> {
            orders.remove("order-42");
            return orders;
        }));

        assertThat(run.verdict().missedEvents()).containsExactly(TWO + " order-42");
        assertThat(run.broken()).singleElement().asString().startsWith("1 events missed");
    }

    @Test
    void findsAnEventThatWasHandledTwice() {
        Run run = spoilt(any -> any.received(ONE, "order-42", 2));

        assertThat(run.verdict().repeatedEvents()).containsExactly(ONE + " order-42 2 times");
        assertThat(run.broken()).singleElement().asString().startsWith("1 events handled again");
    }

    @Test
    void eventsOfOtherPeoplesOrdersDoNotCount() {
        Run run = spoilt(any -> any.received(ONE, "somebody's", 2));

        assertThat(run.broken()).isEmpty();
    }

    @Test
    void findsAnotherAnswerToARepeatedRequest() {
        Run other = spoilt(any -> any.repeats.add(new Repeat("key-8", "order-8", "order-9")));
        Run none = spoilt(any -> any.repeats.add(new Repeat("key-8", "order-8", "")));

        assertThat(other.broken()).singleElement().asString().startsWith("1 answered differently");
        assertThat(none.broken()).singleElement().asString().startsWith("1 answered differently");
    }

    @Test
    void aRepeatedRequestWhoseFirstOutcomeNobodyKnowsMayGetAnyOrder() {
        assertThat(spoilt(any -> any.repeats.add(new Repeat("key-8", "", "order-8")))
                        .broken())
                .isEmpty();
    }

    @Test
    void countsCommandsThatWereHandledAgainAndEventsThatWereDeliveredAgain() {
        Run run = spoilt(any -> {
            any.executions.put("key-42", 3);
            any.redeliveries = 5;
        });

        assertThat(run.verdict().executedAgain()).isEqualTo(2);
        assertThat(run.broken()).containsExactly("5 events delivered again");
    }

    @Test
    void theGapIsTheLongestSilenceAlsoAtTheEnds() {
        Run middle = spoilt(any ->
                any.operations.removeIf(operation -> operation.start() > 4 * SECOND && operation.start() < 6 * SECOND));
        Run end = spoilt(any -> {
            for (int i = 80; i < 100; i++) {
                any.operations.set(i, Run.operation(i, Outcome.UNKNOWN));
            }
        });

        assertThat(middle.verdict().gap()).isEqualTo(2 * SECOND);
        assertThat(end.verdict().gap()).isBetween(19 * SECOND / 10 - SECOND / 50, 2 * SECOND);
    }
}
