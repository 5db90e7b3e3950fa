package io.catga.bench;

/** So many requests a second, whatever becomes of them. */
final class ConstantRate implements Arrivals {

    private static final double SECOND = 1e9;

    private final long start;
    private final long end;
    private final double perSecond;
    private long sequence;

    ConstantRate(double perSecond, long start, long end) {
        if (perSecond <= 0) {
            throw new IllegalArgumentException("perSecond must be more than 0, but was " + perSecond);
        }
        this.perSecond = perSecond;
        this.start = start;
        this.end = end;
    }

    @Override
    public long next() {
        // From the start each time: added up, the rounding of each interval would become a drift.
        long due = start + Math.round(sequence * SECOND / perSecond);
        return due < end ? due : NONE;
    }

    @Override
    public void taken() {
        sequence++;
    }
}
