package io.catga.pipeline;

import java.util.Comparator;
import java.util.Locale;

/**
 * Where a behaviour stands in the pipeline: in the place of one of Catga's own, or outside or inside of it. Those that ask
 * for the same place stand in the order in which they were added.
 *
 * @param stage the behaviour of Catga that it is placed by
 * @param side  on which side of it
 */
public record Placement(Stage stage, Side side) implements Comparable<Placement> {

    private static final Comparator<Placement> ORDER =
            Comparator.comparing(Placement::stage).thenComparing(Placement::side);

    /** A side of a stage, outermost first. */
    public enum Side {
        /** Outside of it. */
        BEFORE,
        /** In its place. */
        AT,
        /** Inside of it. */
        AFTER
    }

    /** Outside of a stage: it sees a message before the stage does, and the result after it. */
    public static Placement before(Stage stage) {
        return new Placement(stage, Side.BEFORE);
    }

    /** At a stage itself; for what replaces, or is, one of Catga's own. */
    public static Placement at(Stage stage) {
        return new Placement(stage, Side.AT);
    }

    /** Inside of a stage: between it and the next one. */
    public static Placement after(Stage stage) {
        return new Placement(stage, Side.AFTER);
    }

    @Override
    public int compareTo(Placement other) {
        return ORDER.compare(this, other);
    }

    /** As it reads in a description of the pipeline: {@code after validation}. */
    @Override
    public String toString() {
        return (side + " " + stage).toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
