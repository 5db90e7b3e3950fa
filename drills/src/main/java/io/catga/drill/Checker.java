package io.catga.drill;

import io.catga.drill.Observation.Repeat;
import io.catga.drill.Observation.Stored;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Judges a run by its history and by what the cluster says afterwards. Pure: the same input gives the same verdict.
 *
 * <p>The idea, and the care about unknown outcomes, are those of Jepsen's set checker: what was acknowledged must be there,
 * what was not asked for must not, and what nobody knows may be either
 * (<a href="https://github.com/jepsen-io/jepsen">jepsen</a>).
 */
final class Checker {

    private static final long SECOND = 1_000_000;

    private Checker() {}

    static Verdict judge(History history, Observation seen) {
        List<Operation> operations = history.operations();
        Map<String, List<String>> storedByKey = seen.stored().stream()
                .collect(Collectors.groupingBy(Stored::key, Collectors.mapping(Stored::orderId, Collectors.toList())));
        return new Verdict(
                operations.size(),
                count(operations, Outcome.ACKNOWLEDGED),
                count(operations, Outcome.REFUSED),
                count(operations, Outcome.UNKNOWN),
                lost(operations, storedByKey),
                twice(operations, storedByKey),
                phantoms(operations, seen),
                otherAnswers(seen.repeats()),
                missedEvents(seen),
                repeatedEvents(seen),
                seen.executions().values().stream()
                        .mapToInt(times -> Math.max(0, times - 1))
                        .sum(),
                seen.redeliveries(),
                failuresBySecond(operations),
                longestGap(operations),
                latency(operations, operation -> operation.start() < history.broken()),
                latency(
                        operations,
                        operation -> operation.start() >= history.broken() && operation.start() < history.recovered()),
                latency(operations, operation -> operation.start() >= history.recovered()));
    }

    private static int count(List<Operation> operations, Outcome outcome) {
        return (int) operations.stream()
                .filter(operation -> operation.outcome() == outcome)
                .count();
    }

    private static List<String> lost(List<Operation> operations, Map<String, List<String>> storedByKey) {
        return operations.stream()
                .filter(Operation::isAcknowledged)
                .filter(operation ->
                        !storedByKey.getOrDefault(operation.key(), List.of()).contains(operation.orderId()))
                .map(operation -> operation.key() + " acknowledged as " + operation.orderId())
                .toList();
    }

    /** More orders than requests, under one key; also an order that was acknowledged to two requests. */
    private static List<String> twice(List<Operation> operations, Map<String, List<String>> storedByKey) {
        List<String> found = new ArrayList<>();
        storedByKey.forEach((key, orders) -> {
            if (orders.size() > 1) {
                found.add(key + " stored as " + orders);
            }
        });
        Map<String, String> keys = new HashMap<>();
        operations.stream().filter(Operation::isAcknowledged).forEach(operation -> {
            String other = keys.put(String.valueOf(operation.orderId()), operation.key());
            if (other != null) {
                found.add(operation.orderId() + " acknowledged to " + other + " and to " + operation.key());
            }
        });
        return found;
    }

    private static List<String> phantoms(List<Operation> operations, Observation seen) {
        Map<String, Outcome> asked = new HashMap<>();
        operations.forEach(operation -> asked.put(operation.key(), operation.outcome()));
        List<String> found = new ArrayList<>();
        for (Stored order : seen.stored()) {
            Outcome outcome = asked.get(order.key());
            if (outcome == null) {
                found.add(order.orderId() + " was asked for by nobody, its key is " + order.key());
            } else if (outcome == Outcome.REFUSED) {
                found.add(order.orderId() + " was refused and is stored, its key is " + order.key());
            }
        }
        seen.announced().forEach(orderId -> found.add(orderId + " was announced and is not stored"));
        return found;
    }

    private static List<String> otherAnswers(List<Repeat> repeats) {
        return repeats.stream()
                .filter(repeat -> repeat.second().isEmpty()
                        || (!repeat.first().isEmpty() && !repeat.first().equals(repeat.second())))
                .map(repeat -> "%s: first '%s', then '%s'".formatted(repeat.key(), repeat.first(), repeat.second()))
                .toList();
    }

    private static List<String> missedEvents(Observation seen) {
        List<String> found = new ArrayList<>();
        seen.notified()
                .forEach((instance, orders) -> seen.stored().stream()
                        .map(Stored::orderId)
                        .filter(order -> !orders.contains(order))
                        .forEach(order -> found.add(instance + " " + order)));
        return found;
    }

    private static List<String> repeatedEvents(Observation seen) {
        Set<String> ours = seen.stored().stream().map(Stored::orderId).collect(Collectors.toCollection(HashSet::new));
        List<String> found = new ArrayList<>();
        seen.received()
                .forEach((instance, times) -> times.forEach((order, count) -> {
                    if (count > 1 && ours.contains(order)) {
                        found.add("%s %s %d times".formatted(instance, order, count));
                    }
                }));
        return found;
    }

    /** By the second in which the client was told. */
    private static Map<Long, Integer> failuresBySecond(List<Operation> operations) {
        Map<Long, Integer> seconds = new TreeMap<>();
        operations.stream()
                .filter(operation -> !operation.isAcknowledged())
                .forEach(operation -> seconds.merge(operation.end() / SECOND, 1, Integer::sum));
        return seconds;
    }

    /** From the first request to the last answer: silence at either end counts, too. */
    private static long longestGap(List<Operation> operations) {
        if (operations.isEmpty()) {
            return 0;
        }
        long[] successes = operations.stream()
                .filter(Operation::isAcknowledged)
                .mapToLong(Operation::end)
                .sorted()
                .toArray();
        long previous = operations.stream().mapToLong(Operation::start).min().orElse(0);
        long gap = 0;
        for (long success : successes) {
            gap = Math.max(gap, success - previous);
            previous = success;
        }
        long last = operations.stream().mapToLong(Operation::start).max().orElse(previous);
        return Math.max(gap, last - previous);
    }

    private static Verdict.Latency latency(List<Operation> operations, Predicate<Operation> phase) {
        long[] took = operations.stream()
                .filter(Operation::isAcknowledged)
                .filter(phase)
                .mapToLong(Operation::took)
                .sorted()
                .toArray();
        return new Verdict.Latency(
                took.length,
                at(took, 0.50),
                at(took, 0.95),
                at(took, 0.99),
                took.length == 0 ? 0 : took[took.length - 1]);
    }

    /** The nearest rank. */
    private static long at(long[] sorted, double share) {
        return sorted.length == 0 ? 0 : sorted[Math.max(0, (int) Math.ceil(sorted.length * share) - 1)];
    }
}
