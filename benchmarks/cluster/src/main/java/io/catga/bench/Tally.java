package io.catga.bench;

import java.util.Map;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;

/** What became of the requests of one round. Latencies are those of the successful ones, in microseconds. */
final class Tally {

    /** Three significant digits, up to a minute. */
    private static final long HIGHEST = 60_000_000;

    private static final int DIGITS = 3;
    private static final int MICRO = 1000;

    private final Histogram latencies = newHistogram();
    private final Map<String, Long> failures = new TreeMap<>();
    private final long start;
    private final long end;
    private long withinTime;
    private long lastSuccess;
    private long longestGap;

    /** @param end when no further request begins; what is answered after it does not count for the throughput */
    Tally(long start, long end) {
        this.start = start;
        this.end = end;
        this.lastSuccess = start;
    }

    static Histogram newHistogram() {
        return new Histogram(HIGHEST, DIGITS);
    }

    void succeeded(long due, long now) {
        latencies.recordValue(Math.clamp((now - due) / MICRO, 0, HIGHEST));
        if (now <= end) {
            withinTime++;
        }
        longestGap = Math.max(longestGap, now - lastSuccess);
        lastSuccess = Math.max(lastSuccess, now);
    }

    /** @param why such as a status, or what broke the connection */
    void failed(String why) {
        failures.merge(why, 1L, Long::sum);
    }

    Histogram latencies() {
        return latencies;
    }

    Map<String, Long> failures() {
        return failures;
    }

    long succeeded() {
        return latencies.getTotalCount();
    }

    long failed() {
        return failures.values().stream().mapToLong(Long::longValue).sum();
    }

    /** Successful answers a second. */
    double perSecond() {
        return withinTime * 1e9 / (end - start);
    }

    /** The longest time without a successful answer, in milliseconds. */
    double longestGapMillis() {
        return Math.max(longestGap, end - lastSuccess) / 1e6;
    }
}
