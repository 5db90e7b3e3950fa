package io.catga.bench;

import java.util.Collection;
import java.util.List;

/** One figure of several rounds. */
record Figure(double median, double min, double max) {

    static Figure of(Collection<Double> rounds) {
        if (rounds.isEmpty()) {
            throw new IllegalArgumentException("a figure needs at least one round");
        }
        List<Double> sorted = rounds.stream().sorted().toList();
        int middle = sorted.size() / 2;
        double median = sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
        return new Figure(median, sorted.getFirst(), sorted.getLast());
    }

    static Figure of(double only) {
        return new Figure(only, only, only);
    }

    /** By another figure: the medians, and the widest that the ranges allow. */
    Figure per(Figure other) {
        return new Figure(median / other.median, min / other.max, max / other.min);
    }

    Figure times(double factor) {
        return new Figure(median * factor, min * factor, max * factor);
    }
}
