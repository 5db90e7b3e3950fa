package io.catga.bench;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.ToDoubleFunction;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import org.HdrHistogram.Histogram;

/**
 * One load that several rounds have measured. The order of names is the order in which to show them.
 *
 * @param name       what was asked, such as how many clients did
 * @param figures    by name, with the unit at its end
 * @param processor  milliseconds of processor time for each successful request, by who used them
 * @param failures   of all rounds together, by why
 * @param histograms one a round: latencies in microseconds, in HdrHistogram's compressed form, as Base64
 */
record Measurement(
        String name,
        Map<String, Figure> figures,
        Map<String, Figure> processor,
        Map<String, Long> failures,
        List<String> histograms) {

    static final String PER_SECOND = "per second";
    static final String P50 = "P50 ms";
    static final String P99 = "P99 ms";
    static final String REQUESTS = "answered";
    static final String FAILED = "failed";
    static final String GAP = "longest gap ms";
    static final String PROCESSOR = "processor ms each";
    static final String BUSY = "machine busy %";
    static final String DRAIN = "events behind ms";
    static final String UNEXPLAINED = "stored less acknowledged";

    private static final Map<String, Double> PERCENTILES = percentiles();

    private static Map<String, Double> percentiles() {
        Map<String, Double> percentiles = new LinkedHashMap<>();
        percentiles.put(P50, 50.0);
        percentiles.put("P90 ms", 90.0);
        percentiles.put("P95 ms", 95.0);
        percentiles.put(P99, 99.0);
        percentiles.put("P99.9 ms", 99.9);
        percentiles.put("max ms", 100.0);
        return percentiles;
    }

    static Measurement of(String name, List<Round> rounds) {
        Map<String, Figure> figures = new LinkedHashMap<>();
        figures.put(PER_SECOND, figure(rounds, round -> round.tally().perSecond()));
        PERCENTILES.forEach((key, percentile) -> figures.put(
                key, figure(rounds, round -> round.tally().latencies().getValueAtPercentile(percentile) / 1000.0)));
        figures.put(REQUESTS, figure(rounds, round -> round.tally().succeeded()));
        figures.put(FAILED, figure(rounds, round -> round.tally().failed()));
        figures.put(GAP, figure(rounds, round -> round.tally().longestGapMillis()));
        figures.put(PROCESSOR, figure(rounds, Measurement::processorEach));
        figures.put(BUSY, figure(rounds, round -> 100 * round.busy()));
        figures.put(DRAIN, figure(rounds, Round::drainMillis));
        figures.put(UNEXPLAINED, figure(rounds, Round::unexplained));
        Map<String, Long> failures = new TreeMap<>();
        rounds.forEach(round -> round.tally().failures().forEach((why, n) -> failures.merge(why, n, Long::sum)));
        return new Measurement(
                name,
                figures,
                processor(rounds),
                failures,
                rounds.stream().map(round -> encode(round.tally().latencies())).toList());
    }

    private static Figure figure(List<Round> rounds, ToDoubleFunction<Round> of) {
        return Figure.of(rounds.stream().mapToDouble(of).boxed().toList());
    }

    /** Of all but the generator, which is no part of what it measures. */
    static double processorEach(Round round) {
        double sum = 0;
        for (Map.Entry<String, Double> used : round.processor().entrySet()) {
            sum += used.getKey().equals(Meter.GENERATOR) ? 0 : used.getValue();
        }
        return sum / Math.max(1, round.tally().succeeded());
    }

    private static Map<String, Figure> processor(List<Round> rounds) {
        Map<String, Figure> each = new TreeMap<>();
        TreeSet<String> all = new TreeSet<>();
        rounds.forEach(round -> all.addAll(round.processor().keySet()));
        for (String who : all) {
            each.put(
                    who,
                    figure(
                            rounds,
                            round -> round.processor().getOrDefault(who, 0.0)
                                    / Math.max(1, round.tally().succeeded())));
        }
        return each;
    }

    Figure figure(String key) {
        Figure figure = figures.get(key);
        if (figure == null) {
            throw new IllegalArgumentException(
                    "'%s' has no figure '%s', only %s".formatted(name, key, figures.keySet()));
        }
        return figure;
    }

    static String encode(Histogram histogram) {
        ByteBuffer bytes = ByteBuffer.allocate(histogram.getNeededByteBufferCapacity());
        int length = histogram.encodeIntoCompressedByteBuffer(bytes, Deflater.BEST_COMPRESSION);
        return Base64.getEncoder().encodeToString(Arrays.copyOf(bytes.array(), length));
    }

    static Histogram decode(String histogram) throws DataFormatException {
        return Histogram.decodeFromCompressedByteBuffer(
                ByteBuffer.wrap(Base64.getDecoder().decode(histogram)), 0);
    }

    /** All rounds in one. */
    Histogram latencies() throws DataFormatException {
        Histogram all = Tally.newHistogram();
        for (String histogram : new ArrayList<>(histograms)) {
            all.add(decode(histogram));
        }
        return all;
    }
}
