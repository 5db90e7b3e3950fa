package io.catga.redis;

import io.catga.CatgaError;
import io.catga.CatgaException;
import io.catga.ErrorCode;
import io.catga.store.AtomicStep;
import io.catga.store.CommitOutcome;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.lettuce.core.codec.Base16;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where a step becomes durable. Steps that wait go to the master as one batch, followed by one {@code WAIT} for every
 * replica that could be promoted; while it is under way the next batch gathers. Measured with 64 callers: 10,400 steps/s
 * at a P99 of 4.7 ms, against 5,000 to 5,900 with a {@code WAIT} for each.
 *
 * <p>Between the steps and the {@code WAIT} a counter is written, because {@code WAIT} covers only what its own connection
 * has written: a step that finds its key known writes nothing, but must not tell a result that only the master has.
 *
 * <p>Whatever goes wrong, a step is repeated on whoever is master then, until its caller's deadline. That is safe because
 * a step that had been applied finds its key known, and knows by its token that it was this one. So a caller sees a
 * failover as a delay, not as an error, unless its deadline is short.
 *
 * <p>{@link #commit} may be called by many threads; one thread of its own does the work.
 */
final class GroupCommit implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(GroupCommit.class);

    private static final String DIGEST = Base16.digest(StepScript.TEXT.getBytes(StandardCharsets.UTF_8));
    private static final Duration IDLE = Duration.ofSeconds(1);
    /** Before a batch is repeated that the same master has refused, or not answered. */
    private static final Duration PAUSE = Duration.ofMillis(20);

    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    private record Pending(
            AtomicStep step, StepScript.Call call, Instant deadline, CompletableFuture<CommitOutcome> outcome) {}

    private final RedisLink link;
    private final Clock clock;
    private final Keys keys;
    private final Duration replicaTimeout;
    private final int maxBatch;
    private final BlockingQueue<Pending> waiting;
    private final String tokens;
    private final AtomicLong issued = new AtomicLong();
    private final List<IntConsumer> batchObservers = new CopyOnWriteArrayList<>();
    private volatile boolean closed;
    private @Nullable Thread writer;

    GroupCommit(RedisLink link, Clock clock) {
        RedisOptions options = link.options();
        this.link = link;
        this.clock = clock;
        this.keys = new Keys(options.keyPrefix());
        this.replicaTimeout = options.replicaTimeout();
        this.maxBatch = options.maxBatch();
        this.waiting = new ArrayBlockingQueue<>(options.maxQueue());
        this.tokens = "%s@%s-".formatted(options.client(), Long.toString(clock.millis(), Character.MAX_RADIX));
    }

    void start() {
        writer = Thread.ofVirtual().name("catga-redis-commit").start(this::work);
    }

    /** How many steps wait for the next batch. */
    int queued() {
        return waiting.size();
    }

    /** Has somebody told how many steps each batch had that was confirmed; once, however often it was tried. */
    void onBatch(IntConsumer observer) {
        batchObservers.add(observer);
    }

    /** As {@link io.catga.store.StateStore#commit}. */
    CommitOutcome commit(AtomicStep step, Instant deadline) {
        Pending pending =
                new Pending(step, StepScript.call(step, nextToken(), keys), deadline, new CompletableFuture<>());
        if (closed) {
            throw RedisLink.unavailable("the connection to Redis is closed");
        }
        if (!waiting.offer(pending)) {
            throw new CatgaException(CatgaError.of(ErrorCode.OVERLOADED, "too many steps wait for Redis")
                    .retryAfter(RETRY_AFTER));
        }
        try {
            long left = Duration.between(clock.instant(), deadline).toNanos();
            return pending.outcome().get(Math.max(0, left), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw RedisLink.unavailable("Redis has not confirmed in time");
        } catch (ExecutionException e) {
            // fail() and endDefect() put nothing else there
            throw e.getCause() instanceof CatgaException known
                    ? known
                    : new CatgaException(ErrorCode.INTERNAL, "a step could not be applied", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CatgaException(ErrorCode.UNAVAILABLE, "interrupted while waiting for Redis", e);
        } finally {
            // nobody waits any more: the writer drops it
            pending.outcome().cancel(false);
        }
    }

    /** Like none that this process, or another, has given or will give. */
    private String nextToken() {
        return tokens + Long.toString(issued.incrementAndGet(), Character.MAX_RADIX);
    }

    private void work() {
        List<Pending> batch = new ArrayList<>();
        try {
            while (!closed) {
                if (batch.isEmpty()) {
                    Pending first = waiting.poll(IDLE.toMillis(), TimeUnit.MILLISECONDS);
                    if (first != null) {
                        batch.add(first);
                    }
                }
                waiting.drainTo(batch, maxBatch - batch.size());
                batch.removeIf(step -> step.outcome().isDone());
                if (!batch.isEmpty()) {
                    commit(batch);
                    batch.removeIf(step -> step.outcome().isDone());
                }
            }
        } catch (InterruptedException e) {
            LOG.debug("Stopped committing");
        }
        waiting.drainTo(batch);
        fail(batch, RedisLink.unavailable("the connection to Redis is closed"));
    }

    /** Tries once, and ends those steps whose outcome is known by it. */
    private void commit(List<Pending> batch) throws InterruptedException {
        Instant latest = batch.stream()
                .map(Pending::deadline)
                .max(Comparator.naturalOrder())
                .orElseThrow();
        Master master;
        try {
            master = link.awaitMaster(earlier(latest, clock.instant().plus(IDLE)));
        } catch (CatgaException nobody) {
            if (link.isHopeless() || closed) {
                fail(batch, nobody);
            }
            return;
        }
        try {
            apply(batch, master);
        } catch (TimeoutException e) {
            LOG.debug("{} has not answered", master.address());
        } catch (ExecutionException e) {
            recover(batch, master, e.getCause() == null ? e : e.getCause());
        } catch (RuntimeException e) {
            // what the client throws when the connection is closed under its hands
            LOG.debug("{} cannot be asked", master.address(), e);
            link.suspect(master);
            pause();
        }
    }

    private static Instant earlier(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }

    private void apply(List<Pending> batch, Master master)
            throws ExecutionException, TimeoutException, InterruptedException {
        RedisAsyncCommands<byte[], byte[]> commands = master.commits().async();
        int replicas = link.requiredReplicas(master);
        List<CompletableFuture<List<Object>>> answers = new ArrayList<>(batch.size());
        master.commits().setAutoFlushCommands(false);
        for (Pending step : batch) {
            answers.add(commands.<List<Object>>evalsha(
                            DIGEST,
                            ScriptOutputType.MULTI,
                            step.call().keys(),
                            step.call().arguments())
                    .toCompletableFuture());
        }
        CompletableFuture<Long> fence = commands.incr(keys.fence()).toCompletableFuture();
        CompletableFuture<Long> acknowledged = waitFor(commands, replicas);
        master.commits().flushCommands();

        BooleanSupplier interested =
                () -> batch.stream().anyMatch(step -> !step.outcome().isDone());
        List<@Nullable CommitOutcome> outcomes = new ArrayList<>(batch.size());
        @Nullable ExecutionException refused = null;
        for (int i = 0; i < batch.size(); i++) {
            try {
                outcomes.add(StepScript.outcome(batch.get(i).step(), link.await(master, answers.get(i), interested)));
            } catch (ExecutionException e) {
                refused = e;
                outcomes.add(null);
                endDefect(batch.get(i), e);
            }
        }
        link.await(master, fence, interested);
        while (link.await(master, acknowledged, interested) < replicas) {
            if (!interested.getAsBoolean()) {
                return;
            }
            // A replica has dropped out; as soon as the Sentinels have noticed, fewer are required.
            replicas = link.requiredReplicas(master);
            acknowledged = waitFor(commands, replicas);
            master.commits().flushCommands();
        }
        int confirmed = 0;
        for (int i = 0; i < batch.size(); i++) {
            CommitOutcome outcome = outcomes.get(i);
            if (outcome != null) {
                batch.get(i).outcome().complete(outcome);
                confirmed++;
            }
        }
        if (confirmed > 0) {
            int steps = confirmed;
            batchObservers.forEach(observer -> observer.accept(steps));
        }
        if (refused != null) {
            throw refused;
        }
    }

    private CompletableFuture<Long> waitFor(RedisAsyncCommands<byte[], byte[]> commands, int replicas) {
        return replicas == 0
                ? CompletableFuture.completedFuture(0L)
                : commands.waitForReplication(replicas, replicaTimeout.toMillis())
                        .toCompletableFuture();
    }

    /** A step that fails by itself ends alone, and not with its batch. */
    private void endDefect(Pending step, ExecutionException refusal) {
        Throwable cause = refusal.getCause() == null ? refusal : refusal.getCause();
        switch (RedisFailure.of(cause)) {
            case DEFECT -> {
                LOG.error(
                        "The step {} {} fails", step.step().scope(), step.step().key(), cause);
                step.outcome()
                        .completeExceptionally(
                                new CatgaException(ErrorCode.INTERNAL, "the step cannot be applied", cause));
            }
            case FORBIDDEN -> step.outcome().completeExceptionally(forbidden(cause));
            case FULL ->
                step.outcome().completeExceptionally(RedisLink.unavailable("Redis takes no writes: it is full"));
            default -> {}
        }
    }

    /** What is not ended stays in the batch and is tried again. */
    private void recover(List<Pending> batch, Master master, Throwable cause) throws InterruptedException {
        LOG.debug("{} has refused", master.address(), cause);
        switch (RedisFailure.of(cause)) {
            case DEMOTED -> link.demoted(master);
            case NO_SCRIPT -> reload(master);
            case NOT_NOW -> {
                if (link.isHopeless()) {
                    fail(batch, RedisLink.unavailable("no replica could take the write"));
                }
                pause();
            }
            case UNKNOWN -> {
                link.suspect(master);
                pause();
            }
            // What is left has not even been refused: the counter, or the waiting for replicas.
            case FORBIDDEN -> fail(batch, forbidden(cause));
            case DEFECT, FULL, NO_GROUP -> pause();
        }
    }

    private CatgaException forbidden(Throwable refusal) {
        link.tellForbidden(refusal);
        return new CatgaException(ErrorCode.INTERNAL, "Redis refuses the step", refusal);
    }

    private void reload(Master master) throws InterruptedException {
        try {
            CompletionStage<String> loaded = master.load(StepScript.TEXT);
            master.commits().flushCommands();
            link.await(master, loaded, () -> !closed);
        } catch (ExecutionException | TimeoutException e) {
            link.suspect(master);
        }
    }

    private static void pause() throws InterruptedException {
        TimeUnit.NANOSECONDS.sleep(PAUSE.toNanos());
    }

    private static void fail(List<Pending> steps, CatgaException why) {
        steps.forEach(step -> step.outcome().completeExceptionally(why));
    }

    @Override
    public void close() {
        closed = true;
        Thread running = writer;
        if (running != null) {
            running.interrupt();
        }
    }
}
