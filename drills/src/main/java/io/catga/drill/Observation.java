package io.catga.drill;

import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the cluster says after a run, when it is whole again.
 *
 * @param stored       the orders of the run's customers
 * @param notified     for each notification instance, the orders whose event it has kept
 * @param received     for each notification instance, how often its log says that it received the event of an order
 * @param executions   for each key that was sent, how often a handler began with it
 * @param announced    orders of which there was an event but that cannot be read
 * @param redeliveries how many deliveries of events to consumers were not the first
 * @param repeats      for requests that were sent once more with their key: what came back
 */
record Observation(
        List<Stored> stored,
        Map<String, Set<String>> notified,
        Map<String, Map<String, Integer>> received,
        Map<String, Integer> executions,
        Set<String> announced,
        long redeliveries,
        List<Repeat> repeats) {

    /** An order as it can be read, and the key that it names. */
    record Stored(String orderId, String key) {}

    /**
     * The same request once more.
     *
     * @param first  the order of the first answer; empty if there was none
     * @param second the order of the second answer; empty if it was no success
     */
    record Repeat(String key, String first, String second) {}
}
