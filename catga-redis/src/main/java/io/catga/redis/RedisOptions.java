package io.catga.redis;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where Redis is and how to deal with it. Immutable; start from {@link #sentinel} or {@link #standalone}.
 *
 * @param sentinels      all Sentinels as {@code host:port}; empty for a single node
 * @param master         the name under which the Sentinels know the master
 * @param node           a single node as {@code host:port} instead of Sentinels; nothing waits for replicas then
 * @param access         who it is, and whether connections are encrypted; nobody in particular and not encrypted by default
 * @param client         the name of this process, unique among those that share the outbox
 * @param keyPrefix      what every key begins with; {@code catga:} by default
 * @param commandTimeout how long one command may take; 250 ms by default, under the 500 ms of a request's attempt
 * @param replicaTimeout how long a batch waits for the replicas' acknowledgement; 200 ms by default (measured: P99 of 4.7
 *                       ms with group commit)
 * @param maxBatch       how many steps share a round trip; 128 by default
 * @param maxQueue       how many steps may wait for the next batch before more are refused; 4,096 by default
 * @param claimAfter     when an outbox entry that a relay holds is given to another; 10 s by default, longer than a relay
 *                       waits for JetStream to elect a leader
 */
public record RedisOptions(
        List<String> sentinels,
        String master,
        @Nullable String node,
        RedisAccess access,
        String client,
        String keyPrefix,
        Duration commandTimeout,
        Duration replicaTimeout,
        int maxBatch,
        int maxQueue,
        Duration claimAfter) {

    /**
     * Takes every value as it is given; {@link #sentinel} and {@link #standalone} with the methods that begin with
     * {@code with} are shorter.
     *
     * @throws IllegalArgumentException with everything that is wrong: both or neither of Sentinels and a node, an
     *     address that is not {@code host:port}, a time that is not positive, a batch that is empty or larger than the
     *     queue
     */
    public RedisOptions {
        sentinels = List.copyOf(sentinels);
        List<String> mistakes = new ArrayList<>();
        if (sentinels.isEmpty() == (node == null)) {
            mistakes.add("either sentinels or a node must be given; set catga.redis.sentinels or catga.redis.node");
        }
        Stream.concat(sentinels.stream(), Stream.ofNullable(node)).forEach(address -> mustBeAddress(address, mistakes));
        mustBePositive("commandTimeout", commandTimeout, mistakes);
        mustBePositive("replicaTimeout", replicaTimeout, mistakes);
        mustBePositive("claimAfter", claimAfter, mistakes);
        if (maxBatch < 1 || maxQueue < maxBatch) {
            mistakes.add("maxBatch must be at least 1 and at most maxQueue, but they were %d and %d"
                    .formatted(maxBatch, maxQueue));
        }
        if (!mistakes.isEmpty()) {
            throw new IllegalArgumentException("Redis options: " + String.join("; ", mistakes));
        }
    }

    private static void mustBeAddress(String address, List<String> mistakes) {
        try {
            Address.parse(address);
        } catch (IllegalArgumentException e) {
            mistakes.add(String.valueOf(e.getMessage()));
        }
    }

    private static void mustBePositive(String name, Duration value, List<String> mistakes) {
        if (!value.isPositive()) {
            mistakes.add(name + " must be positive, but was " + value);
        }
    }

    /** Redis behind Sentinels. */
    public static RedisOptions sentinel(List<String> sentinels, String master, String client) {
        return of(sentinels, master, null, client);
    }

    /** A single Redis: for tests, and where losing what the last second wrote is acceptable. */
    public static RedisOptions standalone(String node, String client) {
        return of(List.of(), "", node, client);
    }

    private static RedisOptions of(List<String> sentinels, String master, @Nullable String node, String client) {
        return new RedisOptions(
                sentinels,
                master,
                node,
                RedisAccess.open(),
                client,
                "catga:",
                Duration.ofMillis(250),
                Duration.ofMillis(200),
                128,
                4096,
                Duration.ofSeconds(10));
    }

    /** The same as another user, or over TLS. */
    public RedisOptions withAccess(RedisAccess options) {
        return new RedisOptions(
                sentinels,
                master,
                node,
                options,
                client,
                keyPrefix,
                commandTimeout,
                replicaTimeout,
                maxBatch,
                maxQueue,
                claimAfter);
    }

    /** The same for another process, whose relay shares the outbox. */
    public RedisOptions withClient(String name) {
        return new RedisOptions(
                sentinels,
                master,
                node,
                access,
                name,
                keyPrefix,
                commandTimeout,
                replicaTimeout,
                maxBatch,
                maxQueue,
                claimAfter);
    }

    /**
     * The same with another beginning of every key. Applications with different prefixes share a Redis and see nothing
     * of each other; all instances of one must have the same.
     */
    public RedisOptions withKeyPrefix(String prefix) {
        return new RedisOptions(
                sentinels,
                master,
                node,
                access,
                client,
                prefix,
                commandTimeout,
                replicaTimeout,
                maxBatch,
                maxQueue,
                claimAfter);
    }

    /**
     * The same with another time after which another relay gets an entry. Shorter than publishing takes, it makes two
     * relays publish the same event; the bus drops the repetition.
     *
     * @throws IllegalArgumentException if it is not positive
     */
    public RedisOptions withClaimAfter(Duration time) {
        return new RedisOptions(
                sentinels,
                master,
                node,
                access,
                client,
                keyPrefix,
                commandTimeout,
                replicaTimeout,
                maxBatch,
                maxQueue,
                time);
    }

    /**
     * The same with another number of steps in one round trip; the queue grows with it where it would be shorter.
     * Larger batches need fewer waits for the replicas, and each takes longer.
     *
     * @throws IllegalArgumentException if it is less than 1
     */
    public RedisOptions withMaxBatch(int steps) {
        return new RedisOptions(
                sentinels,
                master,
                node,
                access,
                client,
                keyPrefix,
                commandTimeout,
                replicaTimeout,
                steps,
                Math.max(maxQueue, steps),
                claimAfter);
    }

    /** How long a relay may wait for new entries: it is to look for what others have left in time. */
    Duration longestOutboxBlock() {
        return claimAfter.dividedBy(2);
    }
}
