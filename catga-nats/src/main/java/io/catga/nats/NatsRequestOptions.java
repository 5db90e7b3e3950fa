package io.catga.nats;

import java.time.Duration;

/**
 * How requests are sent and taken. Immutable; start from {@link #defaults()}.
 *
 * @param group               the queue group in which this instance takes requests, the same for all instances of a
 *                            service; each request goes to one member. "catga" by default, and better the name of the
 *                            service
 * @param attemptTimeout      how long an attempt may be silent before the next is made; 500 ms by default: a dead
 *                            receiver gives no other sign, and it must cost a fraction of the deadline; a living one on
 *                            a busy machine was seen to be silent for 300 ms
 * @param progressInterval    how often a receiver says that it is still at work; 100 ms by default, so that two may be
 *                            lost before the sender takes the silence for death. At most half of
 *                            {@code attemptTimeout}
 * @param noResponderPatience for how long a request is tried again while nobody handles its type or there is no
 *                            connection; 1 s by default: longer than a group needs to come back after a fault of a
 *                            node, short enough to be told within 2 s that there is nobody
 * @param maxConcurrent       how many requests this instance handles at once; 256 by default. Further ones are refused
 *                            at once, because a queue would only let them miss their deadlines
 */
public record NatsRequestOptions(
        String group,
        Duration attemptTimeout,
        Duration progressInterval,
        Duration noResponderPatience,
        int maxConcurrent) {

    private static final NatsRequestOptions DEFAULTS =
            new NatsRequestOptions("catga", Duration.ofMillis(500), Duration.ofMillis(100), Duration.ofSeconds(1), 256);

    /**
     * Takes every value as it is given; {@link #defaults()} and the methods that begin with {@code with} are shorter.
     *
     * @throws IllegalArgumentException with everything that is wrong
     */
    public NatsRequestOptions {
        new Requirements("NATS request options")
                .that(
                        group.matches("[A-Za-z0-9_.-]+"),
                        "group must be letters, digits, _, . and -, but was '" + group + "'")
                .positive("attemptTimeout", attemptTimeout)
                .positive("progressInterval", progressInterval)
                .that(
                        progressInterval.multipliedBy(2).compareTo(attemptTimeout) <= 0,
                        "progressInterval must be at most half of attemptTimeout, but was %s with an attemptTimeout of %s"
                                .formatted(progressInterval, attemptTimeout))
                .that(
                        !noResponderPatience.isNegative(),
                        "noResponderPatience must not be negative, but was " + noResponderPatience)
                .atLeast(1, "maxConcurrent", maxConcurrent)
                .check();
    }

    /** The group "catga", and the times and limits that are given above with their reasons. */
    public static NatsRequestOptions defaults() {
        return DEFAULTS;
    }

    /**
     * The same in another queue group. Instances of one service must agree on it: two groups that take the same type
     * would each handle every request.
     *
     * @throws IllegalArgumentException unless it is letters, digits, _, . and -
     */
    public NatsRequestOptions withGroup(String name) {
        return new NatsRequestOptions(name, attemptTimeout, progressInterval, noResponderPatience, maxConcurrent);
    }

    /**
     * The same with another silence after which the next attempt is made. Shorter finds a dead receiver sooner, and
     * takes a busy one for dead more often; the deadline of the request bounds all attempts together.
     *
     * @throws IllegalArgumentException if it is not positive, or less than twice {@code progressInterval}
     */
    public NatsRequestOptions withAttemptTimeout(Duration silence) {
        return new NatsRequestOptions(group, silence, progressInterval, noResponderPatience, maxConcurrent);
    }

    /**
     * The same with another interval at which a receiver tells that it is at work. It is the receiver that heeds it, and
     * the {@code attemptTimeout} of whoever sends to it that it has to suit.
     *
     * @throws IllegalArgumentException if it is not positive, or more than half of {@code attemptTimeout}
     */
    public NatsRequestOptions withProgressInterval(Duration interval) {
        return new NatsRequestOptions(group, attemptTimeout, interval, noResponderPatience, maxConcurrent);
    }

    /**
     * The same with another time for which nobody there, or no connection, is put down to a restart; zero tells the
     * sender at the first attempt.
     *
     * @throws IllegalArgumentException if it is negative
     */
    public NatsRequestOptions withNoResponderPatience(Duration patience) {
        return new NatsRequestOptions(group, attemptTimeout, progressInterval, patience, maxConcurrent);
    }

    /**
     * The same with another number of requests, of all types together, that this instance handles at once.
     *
     * @throws IllegalArgumentException if it is less than 1
     */
    public NatsRequestOptions withMaxConcurrent(int requests) {
        return new NatsRequestOptions(group, attemptTimeout, progressInterval, noResponderPatience, requests);
    }
}
