package io.catga.redis;

import io.catga.CatgaException;
import io.catga.ErrorCode;
import io.catga.store.AtomicStep;
import io.catga.store.CommitOutcome;
import io.catga.store.StateStore;
import io.lettuce.core.KeyValue;
import io.lettuce.core.Limit;
import io.lettuce.core.Range;
import io.lettuce.core.Range.Boundary;
import io.lettuce.core.api.async.RedisAsyncCommands;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * State, idempotency records and outgoing events in Redis. A commit is acknowledged when every replica that could be
 * promoted has it (with Sentinels; a single node acknowledges for itself), and reads come from the master. While Redis
 * fails over, both wait, within their deadline. Thread-safe.
 */
public final class RedisStateStore implements StateStore, AutoCloseable {

    private static final Duration PAUSE = Duration.ofMillis(20);

    private final RedisLink link;
    private final Clock clock;
    private final Keys keys;
    private final GroupCommit commits;

    /**
     * Over this connection; commits are taken after {@link #start}.
     *
     * @param clock by which deadlines are meant
     */
    public RedisStateStore(RedisLink link, Clock clock) {
        this.link = link;
        this.clock = clock;
        this.keys = new Keys(link.options().keyPrefix());
        this.commits = new GroupCommit(link, clock);
    }

    /** Begins to take commits. To be called once. */
    public void start() {
        commits.start();
    }

    /** How many steps wait now for the next batch; commits beyond {@link RedisOptions#maxQueue} are refused. */
    public int queuedCommits() {
        return commits.queued();
    }

    /**
     * Has somebody told how many steps each batch had that Redis confirmed.
     *
     * @param observer is called by the thread that commits, and must be quick
     */
    public void onBatch(IntConsumer observer) {
        commits.onBatch(observer);
    }

    @Override
    public CommitOutcome commit(AtomicStep step, Instant deadline) {
        return commits.commit(step, deadline);
    }

    @Override
    public Optional<byte[]> get(String key, Instant deadline) {
        byte @Nullable [] value = read(deadline, commands -> commands.get(keys.value(key)));
        return Optional.ofNullable(value);
    }

    @Override
    public List<Optional<byte[]>> getAll(List<String> wanted, Instant deadline) {
        if (wanted.isEmpty()) {
            return List.of();
        }
        byte[][] names = wanted.stream().map(keys::value).toArray(byte[][]::new);
        List<KeyValue<byte[], byte[]>> values = requireAnswer(read(deadline, commands -> commands.mget(names)));
        return values.stream().map(KeyValue::optional).toList();
    }

    @Override
    public List<String> greatest(String index, @Nullable String before, int limit, Instant deadline) {
        Range<byte[]> range = Range.from(
                Boundary.unbounded(),
                before == null ? Boundary.unbounded() : Boundary.excluding(before.getBytes(StandardCharsets.UTF_8)));
        List<byte[]> members = requireAnswer(
                read(deadline, commands -> commands.zrevrangebylex(keys.index(index), range, Limit.from(limit))));
        return members.stream()
                .map(member -> new String(member, StandardCharsets.UTF_8))
                .toList();
    }

    private static <T> T requireAnswer(@Nullable T answer) {
        if (answer == null) {
            throw new CatgaException(ErrorCode.INTERNAL, "Redis has answered nothing");
        }
        return answer;
    }

    /** Reading again is safe, so it is done until there is an answer or the deadline. */
    private <T> @Nullable T read(
            Instant deadline, Function<RedisAsyncCommands<byte[], byte[]>, CompletionStage<T>> command) {
        try {
            while (true) {
                Master master = link.awaitMaster(deadline);
                try {
                    return link.await(
                            master,
                            command.apply(master.reads().async()),
                            () -> clock.instant().isBefore(deadline));
                } catch (ExecutionException e) {
                    Throwable cause = e.getCause() == null ? e : e.getCause();
                    RedisFailure failure = RedisFailure.of(cause);
                    if (failure == RedisFailure.FORBIDDEN) {
                        link.tellForbidden(cause);
                    }
                    if (failure == RedisFailure.FORBIDDEN || failure == RedisFailure.DEFECT) {
                        throw new CatgaException(ErrorCode.INTERNAL, "Redis refuses the question", cause);
                    }
                    link.suspect(master);
                } catch (TimeoutException e) {
                    if (!clock.instant().isBefore(deadline)) {
                        throw RedisLink.unavailable("Redis has not answered in time");
                    }
                }
                TimeUnit.NANOSECONDS.sleep(PAUSE.toNanos());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CatgaException(ErrorCode.UNAVAILABLE, "interrupted while waiting for Redis", e);
        }
    }

    /** Takes no more commits; those that wait are refused. */
    @Override
    public void close() {
        commits.close();
    }
}
