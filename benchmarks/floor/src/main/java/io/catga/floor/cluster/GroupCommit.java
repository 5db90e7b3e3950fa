package io.catga.floor.cluster;

import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.springframework.context.SmartLifecycle;

/**
 * Calls of one script that share their way to Redis. Whatever waits goes as one batch in one write, with one {@code WAIT}
 * behind it for the healthy replicas; while it is under way the next batch gathers. A call is answered when its batch is
 * on the replicas.
 *
 * <p>{@code WAIT} covers what its connection has written, and a call that only finds an earlier record writes nothing: a
 * counter is written in front of it, so that no record is told that only the master has.
 *
 * <p>A batch that goes wrong fails with all its calls; whoever asked may ask again, as every script here is idempotent.
 */
public final class GroupCommit implements SmartLifecycle {

    private static final int MOST_IN_A_BATCH = 128;
    private static final int MOST_WAITING = 4096;
    private static final long REPLICA_TIMEOUT_MILLIS = 200;
    private static final byte[] FENCE = "floor:fence".getBytes(StandardCharsets.UTF_8);

    private record Pending(Script.Call call, CompletableFuture<List<Object>> answer) {}

    private final RedisLink redis;
    private final Replicas replicas;
    private final Script script;
    private final BlockingQueue<Pending> waiting = new ArrayBlockingQueue<>(MOST_WAITING);
    private volatile @Nullable Thread writer;

    public GroupCommit(RedisLink redis, Replicas replicas, Script script) {
        this.redis = redis;
        this.replicas = replicas;
        this.script = script;
    }

    /**
     * Runs the script and waits until what it has written is safe.
     *
     * @throws UnavailableException where that does not happen in time
     */
    public List<Object> commit(Script.Call call) {
        Pending pending = new Pending(call, new CompletableFuture<>());
        if (!waiting.offer(pending)) {
            throw new UnavailableException("too many writes wait for Redis");
        }
        try {
            return pending.answer().get(2 * RedisLink.TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw new UnavailableException("Redis has not taken the write", e.getCause() == null ? e : e.getCause());
        } catch (TimeoutException e) {
            throw new UnavailableException("Redis has not confirmed in time", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UnavailableException("interrupted while waiting for Redis", e);
        }
    }

    @Override
    public void start() {
        StatefulRedisConnection<byte[], byte[]> connection = redis.commits();
        connection.sync().scriptLoad(script.text());
        connection.setAutoFlushCommands(false);
        writer = Thread.ofVirtual().name("floor-commit").start(this::work);
    }

    private void work() {
        List<Pending> batch = new ArrayList<>(MOST_IN_A_BATCH);
        try {
            while (true) {
                batch.add(waiting.take());
                waiting.drainTo(batch, MOST_IN_A_BATCH - 1);
                commit(batch);
                batch.clear();
            }
        } catch (InterruptedException e) {
            waiting.drainTo(batch);
            fail(batch, e);
        }
    }

    private void commit(List<Pending> batch) throws InterruptedException {
        try {
            List<List<Object>> answers;
            try {
                answers = apply(batch);
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof RedisNoScriptException)) {
                    throw e;
                }
                reload();
                answers = apply(batch);
            }
            for (int i = 0; i < batch.size(); i++) {
                batch.get(i).answer().complete(answers.get(i));
            }
        } catch (ExecutionException e) {
            fail(batch, e.getCause() == null ? e : e.getCause());
        } catch (RuntimeException e) {
            fail(batch, e);
        }
    }

    private List<List<Object>> apply(List<Pending> batch) throws ExecutionException, InterruptedException {
        StatefulRedisConnection<byte[], byte[]> connection = redis.commits();
        RedisAsyncCommands<byte[], byte[]> commands = connection.async();
        List<CompletableFuture<List<Object>>> asked = new ArrayList<>(batch.size());
        for (Pending pending : batch) {
            asked.add(commands.<List<Object>>evalsha(
                            script.digest(),
                            ScriptOutputType.MULTI,
                            pending.call().keys(),
                            pending.call().arguments())
                    .toCompletableFuture());
        }
        int required = replicas.required();
        CompletableFuture<Long> safe = CompletableFuture.completedFuture(0L);
        if (required > 0) {
            commands.incr(FENCE);
            safe = commands.waitForReplication(required, REPLICA_TIMEOUT_MILLIS).toCompletableFuture();
        }
        connection.flushCommands();
        List<List<Object>> answers = new ArrayList<>(batch.size());
        for (CompletableFuture<List<Object>> answer : asked) {
            answers.add(answer.get());
        }
        awaitReplicas(safe.get(), required);
        return answers;
    }

    /** A replica that drops out is required until a Sentinel has noticed. */
    private void awaitReplicas(long confirmed, int required) throws ExecutionException, InterruptedException {
        long until = System.nanoTime() + RedisLink.TIMEOUT.toNanos();
        long have = confirmed;
        int need = required;
        while (have < need) {
            if (System.nanoTime() > until) {
                throw new UnavailableException("%d of %d replicas have the write".formatted(have, need));
            }
            need = replicas.required();
            CompletableFuture<Long> again = redis.commits()
                    .async()
                    .waitForReplication(need, REPLICA_TIMEOUT_MILLIS)
                    .toCompletableFuture();
            redis.commits().flushCommands();
            have = again.get();
        }
    }

    /** A master that was a replica before has not heard of the script. */
    private void reload() throws ExecutionException, InterruptedException {
        CompletableFuture<String> loaded =
                redis.commits().async().scriptLoad(script.text()).toCompletableFuture();
        redis.commits().flushCommands();
        loaded.get();
    }

    private static void fail(List<Pending> batch, Throwable why) {
        batch.forEach(pending -> pending.answer().completeExceptionally(why));
    }

    @Override
    public void stop() {
        Thread running = writer;
        writer = null;
        if (running != null) {
            running.interrupt();
        }
    }

    @Override
    public boolean isRunning() {
        return writer != null;
    }

    @Override
    public int getPhase() {
        return Phases.COMMITS + 1;
    }
}
