package io.catga.redis;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.output.StatusOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The connections to one node while it is master. Three, because on one connection everything waits behind a command
 * that blocks: {@code commits} waits for replicas, {@code outbox} waits for entries, {@code reads} waits for nothing.
 */
final class Master {

    private static final int CONNECTIONS = 3;

    private final Address address;
    private final StatefulRedisConnection<byte[], byte[]> commits;
    private final StatefulRedisConnection<byte[], byte[]> reads;
    private final StatefulRedisConnection<byte[], byte[]> outbox;
    private final Pulse<List<Object>> role;
    private final List<Pulse<?>> pulses;
    private final AtomicBoolean closed = new AtomicBoolean();

    private Master(
            Address address, List<StatefulRedisConnection<byte[], byte[]>> connections, Duration longestOutboxBlock) {
        this.address = address;
        this.commits = connections.get(0);
        this.reads = connections.get(1);
        this.outbox = connections.get(2);
        this.role = new Pulse<>(() -> reads.async().role(), Duration.ZERO);
        this.pulses = List.of(
                new Pulse<>(() -> ping(commits), Duration.ZERO),
                role,
                new Pulse<>(() -> ping(outbox), longestOutboxBlock));
    }

    private static CompletionStage<String> ping(StatefulRedisConnection<byte[], byte[]> connection) {
        CompletionStage<String> answer = connection.async().ping();
        // Not left to who uses the connection: it may be a while before the next one flushes.
        connection.flushCommands();
        return answer;
    }

    Address address() {
        return address;
    }

    StatefulRedisConnection<byte[], byte[]> commits() {
        return commits;
    }

    StatefulRedisConnection<byte[], byte[]> reads() {
        return reads;
    }

    StatefulRedisConnection<byte[], byte[]> outbox() {
        return outbox;
    }

    /**
     * Connects, makes sure that the node is master, and gives it the script, so that no batch begins with a refusal. Where
     * any of that fails, the future does, and nothing stays open.
     *
     * @param connecting where its name is resolved, which may take long
     */
    static CompletableFuture<Master> connect(
            RedisClient client, RedisOptions options, Address address, Duration timeout, Executor connecting) {
        RedisURI uri = options.access().node(address, timeout);
        List<CompletableFuture<StatefulRedisConnection<byte[], byte[]>>> opening = new ArrayList<>();
        for (int i = 0; i < CONNECTIONS; i++) {
            opening.add(
                    CompletableFuture.supplyAsync(() -> client.connectAsync(ByteArrayCodec.INSTANCE, uri), connecting)
                            .thenCompose(connection -> connection));
        }
        return CompletableFuture.allOf(opening.toArray(CompletableFuture[]::new))
                .thenApply(any -> new Master(
                        address, opening.stream().map(CompletableFuture::join).toList(), options.longestOutboxBlock()))
                .thenCompose(Master::prepare)
                .orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
                .whenComplete((master, failure) -> {
                    if (failure != null) {
                        // also those that are opened only after this
                        opening.forEach(connection -> connection.thenAccept(StatefulRedisConnection::closeAsync));
                    }
                });
    }

    private CompletableFuture<Master> prepare() {
        return reads.async()
                .role()
                .thenCompose(role -> {
                    if (!isMaster(role)) {
                        throw new IllegalStateException(address + " is no master");
                    }
                    return load(StepScript.TEXT);
                })
                .thenApply(any -> this)
                .toCompletableFuture();
    }

    /** Whether none of the connections has broken. */
    boolean isOpen() {
        return commits.isOpen() && reads.isOpen() && outbox.isOpen();
    }

    /** Asks on each of the connections, without waiting. For one thread, which does so again and again. */
    void ask() {
        pulses.forEach(Pulse::ask);
    }

    /**
     * How long the most silent connection has owed an answer. They fail one by one: after a cut through the network each
     * waits for TCP to send again in its own time. For the thread that asks.
     */
    Duration silence() {
        return pulses.stream()
                .map(Pulse::silence)
                .max(Comparator.naturalOrder())
                .orElse(Duration.ZERO);
    }

    /** What the node itself said when it was asked last. For the thread that asks. */
    boolean isMaster(Duration timeout) throws ExecutionException, TimeoutException, InterruptedException {
        return isMaster(role.await(timeout));
    }

    private static boolean isMaster(List<Object> role) {
        return role.getFirst() instanceof byte[] word
                ? "master".equals(new String(word, StandardCharsets.US_ASCII))
                : "master".equals(role.getFirst());
    }

    CompletionStage<String> load(String script) {
        return commits.async()
                .dispatch(
                        CommandType.SCRIPT,
                        new StatusOutput<>(ByteArrayCodec.INSTANCE),
                        new CommandArgs<>(ByteArrayCodec.INSTANCE).add("LOAD").add(script));
    }

    /** Once: whoever meets a broken connection closes all of them, and Lettuce warns of a second time. */
    void close() {
        if (closed.compareAndSet(false, true)) {
            commits.closeAsync();
            reads.closeAsync();
            outbox.closeAsync();
        }
    }
}
