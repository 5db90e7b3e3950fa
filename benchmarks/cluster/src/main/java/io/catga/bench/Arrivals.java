package io.catga.bench;

/**
 * When requests are due. All moments are those of one monotonic clock, in nanoseconds. Used by one thread.
 *
 * <p>The latency of a request counts from when it was due, not from when it could be sent: a server that stalls makes all
 * wait that come meanwhile, and a clock that started with the sending would leave those out ("coordinated omission").
 */
interface Arrivals {

    /** What {@link #next} gives where no request is due before another has been answered, or none at all any more. */
    long NONE = Long.MAX_VALUE;

    /** When the next request is due. */
    long next();

    /** The request that {@link #next} told of is on its way, or waits for a connection. */
    void taken();

    /** A request has its answer. */
    default void answered(long now) {}

    /** A request has failed without an answer. */
    default void failed(long now) {}
}
