package io.catga.nats;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How events are published and taken. Immutable; start from {@link #defaults()}.
 *
 * @param consumer         under which name this instance receives events. JetStream keeps a position for each name, so
 *                         it must be the same after a restart and different for each instance; "catga" by default, and
 *                         to be set to the name of the instance wherever there is more than one
 * @param stream           where the events are kept
 * @param deadLetterStream where the events are kept that a consumer gave up
 * @param site             which nodes keep the streams, and whose events come to them as well
 * @param retention        how much of them, how safely
 * @param redelivery       what happens to an event that was not handled
 * @param prefetch         how many events are asked for ahead; 64 by default, far below {@code maxAckPending}, so that
 *                         what a dead instance had asked for cannot use up what its successor may have
 * @param maxAckPending    how many events the server lets one consumer have in hand; 256 by default
 * @param maxConcurrent    how many events this instance handles at once; 16 by default. Their order is kept only by 1
 * @param publishTimeout   how long a publisher waits for the confirmation; 5 s by default: the stream may be electing a
 *                         leader for 4 to 8 s, and the outbox publishes again
 */
public record NatsEventOptions(
        String consumer,
        String stream,
        String deadLetterStream,
        Site site,
        Retention retention,
        Redelivery redelivery,
        int prefetch,
        int maxAckPending,
        int maxConcurrent,
        Duration publishTimeout) {

    /**
     * The place of the streams in a system of several NATS clusters, which gateways join and which share JetStream. See
     * {@link NatsOptions#withSite}.
     *
     * @param cluster the cluster whose nodes keep the streams; null by default, and JetStream chooses
     * @param origins the streams from whose events this one has a copy; none by default
     */
    public record Site(@Nullable String cluster, List<Origin> origins) {

        private static final Site ANYWHERE = new Site(null, List.of());

        /**
         * Takes both as they are given.
         *
         * @throws IllegalArgumentException if the cluster is blank
         */
        public Site {
            new Requirements("NATS site")
                    .that(cluster == null || !cluster.isBlank(), "cluster must not be blank")
                    .check();
            origins = List.copyOf(origins);
        }

        /** Wherever JetStream puts them, and nothing from elsewhere. */
        public static Site anywhere() {
            return ANYWHERE;
        }
    }

    /**
     * Another stream of events.
     *
     * @param stream        its name
     * @param subjectPrefix what the subjects of its events begin with
     */
    public record Origin(String stream, String subjectPrefix) {}

    /**
     * What the streams keep.
     *
     * @param replicas         how many nodes keep each event; 3 by default: one may be lost, and the others go on
     * @param dedupWindow      within which time an event published twice is kept once; 10 min by default: the longest
     *                         outage after which a relay may not know whether an event was stored
     * @param maxAge           how long an event is kept for consumers that are away; 7 days by default
     * @param maxBytes         how much the event stream keeps at most, on each replica; 1 GiB by default. The oldest go
     *                         first
     * @param deadLetterMaxAge how long a dead letter is kept; 30 days by default
     * @param consumerMaxAway  after which time the position of a consumer that does not return is forgotten; 7 days by
     *                         default, like the events
     */
    public record Retention(
            int replicas,
            Duration dedupWindow,
            Duration maxAge,
            long maxBytes,
            Duration deadLetterMaxAge,
            Duration consumerMaxAway) {

        private static final Retention DEFAULTS = new Retention(
                3, Duration.ofMinutes(10), Duration.ofDays(7), 1L << 30, Duration.ofDays(30), Duration.ofDays(7));

        /**
         * Takes every value as it is given; {@link #defaults()} and the methods that begin with {@code with} are
         * shorter.
         *
         * @throws IllegalArgumentException with everything that is wrong
         */
        public Retention {
            new Requirements("NATS event retention")
                    .that(
                            replicas == 1 || replicas == 3 || replicas == 5,
                            "replicas must be 1, 3 or 5, but was " + replicas + "; set catga.nats.replicas")
                    .positive("dedupWindow", dedupWindow)
                    .positive("maxAge", maxAge)
                    .that(
                            dedupWindow.compareTo(maxAge) <= 0,
                            "dedupWindow must not exceed maxAge, but was %s with a maxAge of %s"
                                    .formatted(dedupWindow, maxAge))
                    .atLeast(1, "maxBytes", maxBytes)
                    .positive("deadLetterMaxAge", deadLetterMaxAge)
                    .positive("consumerMaxAway", consumerMaxAway)
                    .check();
        }

        /** Three replicas, ten minutes, a week, 1 GiB, thirty days and a week, with the reasons above. */
        public static Retention defaults() {
            return DEFAULTS;
        }

        /**
         * The same on another number of nodes: 1 is for a single server, and 5 stands the loss of two nodes.
         *
         * @throws IllegalArgumentException unless it is 1, 3 or 5
         */
        public Retention withReplicas(int nodes) {
            return new Retention(nodes, dedupWindow, maxAge, maxBytes, deadLetterMaxAge, consumerMaxAway);
        }

        /**
         * The same with another time within which the stream knows an event again. The server remembers the id of each
         * event for as long, so it costs memory.
         *
         * @throws IllegalArgumentException if it is not positive, or longer than {@code maxAge}
         */
        public Retention withDedupWindow(Duration window) {
            return new Retention(replicas, window, maxAge, maxBytes, deadLetterMaxAge, consumerMaxAway);
        }

        /**
         * The same with another age at which events go, whether or not every consumer has had them.
         *
         * @throws IllegalArgumentException if it is not positive, or shorter than {@code dedupWindow}
         */
        public Retention withMaxAge(Duration age) {
            return new Retention(replicas, dedupWindow, age, maxBytes, deadLetterMaxAge, consumerMaxAway);
        }

        /**
         * The same with another limit in bytes, which each replica needs on its disk.
         *
         * @throws IllegalArgumentException if it is less than 1
         */
        public Retention withMaxBytes(long bytes) {
            return new Retention(replicas, dedupWindow, maxAge, bytes, deadLetterMaxAge, consumerMaxAway);
        }

        /**
         * The same with another age at which dead letters go, and can no longer be replayed.
         *
         * @throws IllegalArgumentException if it is not positive
         */
        public Retention withDeadLetterMaxAge(Duration age) {
            return new Retention(replicas, dedupWindow, maxAge, maxBytes, age, consumerMaxAway);
        }

        /**
         * The same with another absence after which a position is forgotten. A consumer that returns later begins with the
         * oldest event that is kept.
         *
         * @throws IllegalArgumentException if it is not positive
         */
        public Retention withConsumerMaxAway(Duration time) {
            return new Retention(replicas, dedupWindow, maxAge, maxBytes, deadLetterMaxAge, time);
        }
    }

    /**
     * What happens to an event that was not handled.
     *
     * @param maxAttempts after how many deliveries it is given up; 8 by default, which with the pauses is about a minute
     * @param firstPause  the pause before the second delivery; 500 ms by default. It doubles with each further one
     * @param longest     the longest pause; 30 s by default
     * @param ackWait     after which time an event is delivered again whose receiver gives no sign; 10 s by default. A
     *                    receiver that is still at work gives a sign three times in it
     */
    public record Redelivery(int maxAttempts, Duration firstPause, Duration longest, Duration ackWait) {

        private static final Redelivery DEFAULTS =
                new Redelivery(8, Duration.ofMillis(500), Duration.ofSeconds(30), Duration.ofSeconds(10));

        /**
         * Takes every value as it is given; {@link #defaults()} and the methods that begin with {@code with} are
         * shorter.
         *
         * @throws IllegalArgumentException with everything that is wrong
         */
        public Redelivery {
            new Requirements("NATS redelivery")
                    .atLeast(1, "maxAttempts", maxAttempts)
                    .positive("firstPause", firstPause)
                    .that(
                            firstPause.compareTo(longest) <= 0,
                            "firstPause must not exceed the longest, but was %s with a longest of %s"
                                    .formatted(firstPause, longest))
                    .positive("ackWait", ackWait)
                    .check();
        }

        /** Eight deliveries, pauses of 500 ms to 30 s, and 10 s without a sign, with the reasons above. */
        public static Redelivery defaults() {
            return DEFAULTS;
        }

        /**
         * The same with another number of deliveries, the first included; with 1 nothing is delivered again, and the
         * first failure makes a dead letter.
         *
         * @throws IllegalArgumentException if it is less than 1
         */
        public Redelivery withMaxAttempts(int attempts) {
            return new Redelivery(attempts, firstPause, longest, ackWait);
        }

        /**
         * The same with other pauses. What is waited is up to a fifth more or less, so that events which failed
         * together do not come back together.
         *
         * @param first  before the second delivery
         * @param atMost which the doubling never exceeds
         * @throws IllegalArgumentException if the first is not positive, or longer than the other
         */
        public Redelivery withPauses(Duration first, Duration atMost) {
            return new Redelivery(maxAttempts, first, atMost, ackWait);
        }

        /**
         * The same with another silence after which the server delivers an event again. Handlers may take longer than it:
         * the receiver gives signs for them.
         *
         * @throws IllegalArgumentException if it is not positive
         */
        public Redelivery withAckWait(Duration wait) {
            return new Redelivery(maxAttempts, firstPause, longest, wait);
        }

        /** The pause after a delivery: a pure function of how many there were. */
        Duration pauseAfter(int attempt) {
            Duration pause = firstPause.multipliedBy(1L << Math.min(attempt - 1, 20));
            return pause.compareTo(longest) < 0 ? pause : longest;
        }
    }

    private static final NatsEventOptions DEFAULTS = new NatsEventOptions(
            "catga",
            "CATGA_EVENTS",
            "CATGA_DEAD_LETTERS",
            Site.anywhere(),
            Retention.defaults(),
            Redelivery.defaults(),
            64,
            256,
            16,
            Duration.ofSeconds(5));

    /**
     * Takes every value as it is given; {@link #defaults()} and the methods that begin with {@code with} are shorter.
     *
     * @throws IllegalArgumentException with everything that is wrong
     */
    public NatsEventOptions {
        new Requirements("NATS event options")
                .notBlank("consumer", consumer)
                .that(isStreamName(stream), "stream must be letters, digits, _ and -, but was '" + stream + "'")
                .that(
                        isStreamName(deadLetterStream),
                        "deadLetterStream must be letters, digits, _ and -, but was '" + deadLetterStream + "'")
                .that(
                        !stream.equals(deadLetterStream),
                        "stream and deadLetterStream must differ, but both were " + stream)
                .atLeast(1, "prefetch", prefetch)
                .atLeast(1, "maxConcurrent", maxConcurrent)
                .that(
                        prefetch <= maxAckPending / 2,
                        "prefetch must be at most half of maxAckPending, but was %d with a maxAckPending of %d"
                                .formatted(prefetch, maxAckPending))
                .positive("publishTimeout", publishTimeout)
                .check();
    }

    static boolean isStreamName(String name) {
        return name.matches("[A-Za-z0-9_-]+");
    }

    /**
     * The consumer "catga", the streams CATGA_EVENTS and CATGA_DEAD_LETTERS, and the limits that are given above with
     * their reasons.
     */
    public static NatsEventOptions defaults() {
        return DEFAULTS;
    }

    /**
     * The same under another name. One that JetStream has not seen begins with the oldest event that is kept, so a changed
     * name makes an instance handle again what it has handled. What JetStream does not allow in a name becomes an
     * underscore; two names should differ in more than that.
     *
     * @throws IllegalArgumentException if it is blank
     */
    public NatsEventOptions withConsumer(String name) {
        return with(name, stream, deadLetterStream, site, retention, redelivery);
    }

    /**
     * The same with other streams, which are created where they do not exist.
     *
     * @param events      where the events are kept
     * @param deadLetters where those are kept that a consumer gave up
     * @throws IllegalArgumentException unless both are letters, digits, _ and -, and differ
     */
    public NatsEventOptions withStreams(String events, String deadLetters) {
        return with(consumer, events, deadLetters, site, retention, redelivery);
    }

    /**
     * The same at another place; streams that exist move there, with all that they have. {@link NatsOptions#withSite} sets
     * it together with the names and subjects that have to differ.
     */
    public NatsEventOptions withSite(Site place) {
        return with(consumer, stream, deadLetterStream, place, retention, redelivery);
    }

    /**
     * The same with another rule for what the streams keep. It is applied to streams that exist, too, at the start of
     * the application.
     */
    public NatsEventOptions withRetention(Retention rule) {
        return with(consumer, stream, deadLetterStream, site, rule, redelivery);
    }

    /** The same with another rule for events that were not handled. */
    public NatsEventOptions withRedelivery(Redelivery rule) {
        return with(consumer, stream, deadLetterStream, site, retention, rule);
    }

    private NatsEventOptions with(
            String name, String events, String dead, Site place, Retention keep, Redelivery again) {
        return new NatsEventOptions(
                name, events, dead, place, keep, again, prefetch, maxAckPending, maxConcurrent, publishTimeout);
    }

    /**
     * The same with another number of events that this instance handles at once. With 1 they are handled in the order
     * in which they were published, as long as none fails.
     *
     * @throws IllegalArgumentException if it is less than 1
     */
    public NatsEventOptions withMaxConcurrent(int events) {
        return new NatsEventOptions(
                consumer,
                stream,
                deadLetterStream,
                site,
                retention,
                redelivery,
                prefetch,
                maxAckPending,
                events,
                publishTimeout);
    }

    /**
     * The same with other limits for what is on its way; they are set together, because one bounds the other.
     *
     * @param events     how many events are asked for ahead
     * @param ackPending how many the server lets one consumer have in hand
     * @throws IllegalArgumentException if the first is less than 1, or more than half of the second
     */
    public NatsEventOptions withPrefetch(int events, int ackPending) {
        return new NatsEventOptions(
                consumer,
                stream,
                deadLetterStream,
                site,
                retention,
                redelivery,
                events,
                ackPending,
                maxConcurrent,
                publishTimeout);
    }

    /**
     * The same with another time to wait for the confirmation. A publisher that gives up does not know whether the
     * event is kept, and may publish it again: the stream drops the repetition.
     *
     * @throws IllegalArgumentException if it is not positive
     */
    public NatsEventOptions withPublishTimeout(Duration timeout) {
        return new NatsEventOptions(
                consumer,
                stream,
                deadLetterStream,
                site,
                retention,
                redelivery,
                prefetch,
                maxAckPending,
                maxConcurrent,
                timeout);
    }

    /** The consumer's name in a form that JetStream takes: dots, spaces and wildcards are not allowed in it. */
    String durable() {
        return durable(consumer);
    }

    static String durable(String consumer) {
        return consumer.replaceAll("[^A-Za-z0-9_-]", "_");
    }
}
