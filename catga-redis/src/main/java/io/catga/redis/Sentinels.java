package io.catga.redis;

import io.lettuce.core.RedisClient;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.output.ValueListOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import io.lettuce.core.sentinel.api.StatefulRedisSentinelConnection;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks all Sentinels at once, and believes what more than half of them say: one alone may have missed a failover, or be
 * cut off together with an old master. Used by one thread.
 */
final class Sentinels {

    private static final Logger LOG = LoggerFactory.getLogger(Sentinels.class);

    private static final int PATIENT_QUESTIONS = 2;

    private final RedisClient client;
    private final List<Address> addresses;
    private final String master;
    private final RedisAccess access;
    private final Duration timeout;
    private final Duration connectTimeout;
    private final Executor connecting;
    private final Refusals refusals;
    private final Map<Address, CompletableFuture<StatefulRedisSentinelConnection<String, String>>> connections =
            new HashMap<>();
    /** How often in succession each has let a question pass by. */
    private final Map<Address, Integer> silences = new HashMap<>();

    /**
     * @param connecting where the names of Sentinels are resolved, which may take long when one is away
     */
    Sentinels(RedisClient client, RedisOptions options, Clock clock, Duration connectTimeout, Executor connecting) {
        this.client = client;
        this.addresses = options.sentinels().stream().map(Address::parse).toList();
        this.master = options.master();
        this.access = options.access();
        this.timeout = options.commandTimeout();
        this.connectTimeout = connectTimeout;
        this.connecting = connecting;
        this.refusals = new Refusals(
                "The Sentinel",
                "catga.redis.sentinel-username, catga.redis.sentinel-password and catga.redis.ssl-bundle",
                clock);
    }

    /** What the majority says; empty where there is none. */
    Optional<Topology> ask() throws InterruptedException {
        Map<Address, CompletableFuture<Topology>> asked = new HashMap<>();
        for (Address address : addresses) {
            if (!refusals.isResting(address)) {
                asked.put(address, connection(address).thenCompose(this::opinion));
            }
        }
        List<Topology> opinions = new ArrayList<>();
        long until = System.nanoTime() + timeout.toNanos();
        for (var answer : asked.entrySet()) {
            try {
                opinions.add(answer.getValue().get(Math.max(1, until - System.nanoTime()), TimeUnit.NANOSECONDS));
                silences.remove(answer.getKey());
                refusals.accepted(answer.getKey());
            } catch (ExecutionException e) {
                if (!refusals.isOne(answer.getKey(), e)) {
                    LOG.debug("No answer from the Sentinel {}: {}", answer.getKey(), e.toString());
                }
            } catch (TimeoutException e) {
                passedBy(answer.getKey());
            }
        }
        return opinions.stream()
                .map(Topology::master)
                .filter(candidate -> supporters(opinions, candidate) > addresses.size() / 2)
                .findFirst()
                .map(agreed -> merge(opinions, agreed));
    }

    /**
     * A connection that stays silent is given up: after a cut through the network it looks open for many minutes. One that
     * is being made has a time-out of its own.
     */
    private void passedBy(Address sentinel) {
        LOG.debug("The Sentinel {} is silent", sentinel);
        var connection = connections.get(sentinel);
        if (silences.merge(sentinel, 1, Integer::sum) >= PATIENT_QUESTIONS
                && connection != null
                && connection.isDone()) {
            connections.remove(sentinel);
            silences.remove(sentinel);
            connection.thenAccept(StatefulRedisSentinelConnection::closeAsync);
        }
    }

    private static long supporters(List<Topology> opinions, Address candidate) {
        return opinions.stream()
                .filter(opinion -> opinion.master().equals(candidate))
                .count();
    }

    /** A replica counts as soon as one Sentinel says so: waiting for one too many only costs time. */
    private static Topology merge(List<Topology> opinions, Address agreed) {
        int reachable = 0;
        int following = 0;
        for (Topology opinion : opinions) {
            if (opinion.master().equals(agreed)) {
                reachable = Math.max(reachable, opinion.reachableReplicas());
                following = Math.max(following, opinion.followingReplicas());
            }
        }
        return new Topology(agreed, reachable, following);
    }

    /** The one that there is, or is being made; another only after that has broken. */
    private CompletableFuture<StatefulRedisSentinelConnection<String, String>> connection(Address address) {
        return connections.compute(address, (any, known) -> isUsable(known) ? known : connect(address));
    }

    private static boolean isUsable(
            @Nullable CompletableFuture<StatefulRedisSentinelConnection<String, String>> known) {
        return known != null
                && (!known.isDone()
                        || (!known.isCompletedExceptionally() && known.join().isOpen()));
    }

    private CompletableFuture<StatefulRedisSentinelConnection<String, String>> connect(Address address) {
        return CompletableFuture.supplyAsync(
                        () -> client.connectSentinelAsync(StringCodec.UTF8, access.sentinel(address, connectTimeout)),
                        connecting)
                .thenCompose(connection -> connection)
                .thenApply(connection -> {
                    connection.setAutoFlushCommands(false);
                    return connection;
                });
    }

    private CompletableFuture<Topology> opinion(StatefulRedisSentinelConnection<String, String> connection) {
        // Not by Lettuce's own method, which resolves the name that is answered, on the thread that all connections
        // share.
        CompletableFuture<List<String>> named = connection
                .async()
                .<List<String>>dispatch(
                        CommandType.SENTINEL,
                        new ValueListOutput<>(StringCodec.UTF8),
                        new CommandArgs<>(StringCodec.UTF8)
                                .add("get-master-addr-by-name")
                                .addValue(master))
                .toCompletableFuture();
        CompletableFuture<List<Map<String, String>>> replicas =
                connection.async().replicas(master).toCompletableFuture();
        connection.flushCommands();
        return named.thenCombine(replicas, Sentinels::opinion);
    }

    /**
     * A replica whose connection to the Sentinel is broken counts until it has been down for a while: promoting one breaks
     * it for a moment, and then the others may still acknowledge to the old master what the promoted one will never have.
     */
    static Topology opinion(List<String> named, List<Map<String, String>> replicas) {
        if (named.size() != 2) {
            throw new IllegalStateException("the Sentinel does not know the master");
        }
        int reachable = 0;
        int following = 0;
        for (Map<String, String> replica : replicas) {
            List<String> flags = List.of(replica.getOrDefault("flags", "").split(","));
            boolean up = !flags.contains("s_down");
            if (up) {
                reachable++;
            }
            if (flags.contains("promoted") || (up && "ok".equals(replica.get("master-link-status")))) {
                following++;
            }
        }
        return new Topology(new Address(named.get(0), Integer.parseInt(named.get(1))), reachable, following);
    }
}
