package io.catga.drill;

import java.util.List;
import java.util.Map;

/**
 * What a run comes to. The lists are empty where nothing is wrong.
 *
 * @param lost           acknowledged orders that are not stored
 * @param twice          keys with more than one order
 * @param phantoms       orders that nobody asked for, or that were refused, or that are announced and not there
 * @param otherAnswers   keys whose repeated request was answered with another order, or not at all
 * @param missedEvents   instance and order, where an event is missing
 * @param repeatedEvents instance and order, where an event was handled more than once
 * @param failures       by second of the run, requests that were not acknowledged
 * @param gap            the longest time between two successes
 */
record Verdict(
        int requests,
        int acknowledged,
        int refused,
        int unknown,
        List<String> lost,
        List<String> twice,
        List<String> phantoms,
        List<String> otherAnswers,
        List<String> missedEvents,
        List<String> repeatedEvents,
        int executedAgain,
        long redeliveries,
        Map<Long, Integer> failures,
        long gap,
        Latency before,
        Latency during,
        Latency after) {

    /** Of the acknowledged requests of a phase, in microseconds; all 0 where there were none. */
    record Latency(int count, long p50, long p95, long p99, long max) {

        /** The 50th, 95th and 99th percentile, for people. */
        List<Long> milliseconds() {
            return List.of(p50 / 1000, p95 / 1000, p99 / 1000);
        }
    }

    int failed() {
        return refused + unknown;
    }

    double failedShare() {
        return requests == 0 ? 0 : (double) failed() / requests;
    }
}
