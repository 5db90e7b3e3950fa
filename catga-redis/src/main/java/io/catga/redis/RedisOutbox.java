package io.catga.redis;

import io.catga.CatgaException;
import io.catga.ErrorCode;
import io.catga.store.Outbox;
import io.lettuce.core.Consumer;
import io.lettuce.core.Limit;
import io.lettuce.core.Range;
import io.lettuce.core.StreamMessage;
import io.lettuce.core.XAutoClaimArgs;
import io.lettuce.core.XGroupCreateArgs;
import io.lettuce.core.XReadArgs;
import io.lettuce.core.XReadArgs.StreamOffset;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.lettuce.core.models.stream.ClaimedMessages;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The outbox as a Redis stream, which the steps write to, with one consumer group for all relays: Redis gives each entry
 * to one of them, and {@code XAUTOCLAIM} gives to another what one has kept for too long
 * (<a href="https://redis.io/docs/latest/develop/data-types/streams/">Redis: streams</a>). Entries are removed when they
 * are published, so the length of the stream is the backlog.
 *
 * <p>Nothing is handed out before every replica that could be promoted has it: publishing what a failover then forgets
 * would announce an order that does not exist. Thread-safe.
 */
public final class RedisOutbox implements Outbox {

    private static final byte[] GROUP = "relay".getBytes(StandardCharsets.US_ASCII);

    /** For an answer of a busy master; one that is replaced ends the waiting earlier. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    /** Before every entry. */
    private static final String FIRST = "0";
    /** Entries that no relay has been given yet. */
    private static final String NEW_ENTRIES = ">";

    private final RedisLink link;
    private final Clock clock;
    private final Keys keys;
    private final Consumer<byte[]> relay;
    private final Duration replicaTimeout;
    private final Duration claimAfter;
    private final Duration longestBlock;
    private Instant nextClaim = Instant.MIN;
    /**
     * This relay may have been given entries that it does not know of, by an earlier life or a lost answer: those behind
     * this id. Empty when it has looked through all. Behind, so that one that stays, because it cannot be published, is not
     * found again and again.
     */
    private volatile Optional<String> unseen = Optional.of(FIRST);

    /**
     * One thread at a time: a second one would look for what this relay held before, and find what the first one was given
     * just now. They would wait for each other in any case, as the connection is one.
     */
    private final ReentrantLock taking = new ReentrantLock();

    /**
     * Over this connection, as the relay that is named by the client of its options.
     *
     * @param clock by which waits end, and by which it is time to look for what other relays have kept too long
     */
    public RedisOutbox(RedisLink link, Clock clock) {
        RedisOptions options = link.options();
        this.link = link;
        this.clock = clock;
        this.keys = new Keys(options.keyPrefix());
        this.relay = Consumer.from(GROUP, options.client().getBytes(StandardCharsets.UTF_8));
        this.replicaTimeout = options.replicaTimeout();
        this.claimAfter = options.claimAfter();
        this.longestBlock = options.longestOutboxBlock();
    }

    /** A question to Redis. */
    private interface Question<T>
            extends java.util.function.Function<RedisAsyncCommands<byte[], byte[]>, CompletionStage<T>> {}

    @Override
    public List<Entry> take(int max, Duration wait) {
        try {
            taking.lockInterruptibly();
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
        try {
            Master master = link.awaitMaster(clock.instant().plus(PATIENCE));
            List<StreamMessage<byte[], byte[]>> taken = held(master, max);
            if (taken.isEmpty()) {
                taken = claimed(master, max);
            }
            if (taken.isEmpty()) {
                taken = fresh(master, max, wait);
            }
            if (!taken.isEmpty()) {
                awaitReplicas(master);
            }
            return taken.stream().map(OutboxEntry::of).toList();
        } catch (InterruptedException e) {
            throw interrupted(e);
        } finally {
            taking.unlock();
        }
    }

    private static CatgaException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new CatgaException(ErrorCode.UNAVAILABLE, "interrupted while waiting for Redis", e);
    }

    private List<StreamMessage<byte[], byte[]>> held(Master master, int max) throws InterruptedException {
        while (unseen.isPresent()) {
            List<StreamMessage<byte[], byte[]>> held =
                    readGroup(master, XReadArgs.Builder.count(max), unseen.get(), PATIENCE);
            unseen = held.size() < max
                    ? Optional.empty()
                    : Optional.of(held.getLast().getId());
            if (!existing(held).isEmpty()) {
                return existing(held);
            }
        }
        return List.of();
    }

    private List<StreamMessage<byte[], byte[]>> claimed(Master master, int max) throws InterruptedException {
        if (clock.instant().isBefore(nextClaim)) {
            return List.of();
        }
        ClaimedMessages<byte[], byte[]> claimed = ask(
                master,
                PATIENCE,
                commands -> commands.xautoclaim(
                        keys.outbox(),
                        new XAutoClaimArgs<byte[]>()
                                .consumer(relay)
                                .minIdleTime(claimAfter)
                                .startId("0-0")
                                .count(max)));
        List<StreamMessage<byte[], byte[]>> entries = existing(claimed.getMessages());
        if (entries.isEmpty()) {
            nextClaim = clock.instant().plus(claimAfter.dividedBy(2));
        }
        return entries;
    }

    private List<StreamMessage<byte[], byte[]>> fresh(Master master, int max, Duration wait)
            throws InterruptedException {
        // Another relay may die while this one waits for new entries.
        Duration block = min(wait, longestBlock);
        // 0 would mean for ever.
        XReadArgs arguments = XReadArgs.Builder.count(max);
        if (block.toMillis() > 0) {
            arguments.block(block);
        }
        return readGroup(master, arguments, NEW_ENTRIES, block.plus(PATIENCE));
    }

    @SuppressWarnings("unchecked") // an array of the one stream
    private List<StreamMessage<byte[], byte[]>> readGroup(
            Master master, XReadArgs arguments, String from, Duration patience) throws InterruptedException {
        return ask(
                master,
                patience,
                commands -> commands.xreadgroup(relay, arguments, StreamOffset.from(keys.outbox(), from)));
    }

    private static Duration min(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    /** An entry that was removed while a relay held it comes without a body. */
    private static List<StreamMessage<byte[], byte[]>> existing(List<StreamMessage<byte[], byte[]>> entries) {
        return entries.stream()
                .filter(entry -> entry.getBody() != null && !entry.getBody().isEmpty())
                .toList();
    }

    /** Handing out is itself a write, and comes after those of the entries: waiting for it waits for them. */
    private void awaitReplicas(Master master) throws InterruptedException {
        int replicas;
        try {
            replicas = link.requiredReplicas(master);
        } catch (TimeoutException e) {
            lookThroughAll();
            throw new CatgaException(
                    ErrorCode.UNAVAILABLE, "the entries of the outbox are on a node that is not master any more", e);
        }
        if (replicas == 0) {
            return;
        }
        Long acknowledged =
                ask(master, PATIENCE, commands -> commands.waitForReplication(replicas, replicaTimeout.toMillis()));
        if (acknowledged < replicas) {
            lookThroughAll();
            throw RedisLink.unavailable(
                    "%d of %d replicas have the entries of the outbox".formatted(acknowledged, replicas));
        }
    }

    @Override
    public void remove(Collection<Entry> published) {
        if (published.isEmpty()) {
            return;
        }
        String[] ids = published.stream().map(Entry::id).toArray(String[]::new);
        try {
            Master master = link.awaitMaster(clock.instant().plus(PATIENCE));
            // In this order: an entry that is gone but still held is dropped when it is claimed, one that is there but
            // held by nobody would never be given to a relay again.
            ask(master, PATIENCE, commands -> commands.xdel(keys.outbox(), ids));
            ask(master, PATIENCE, commands -> commands.xack(keys.outbox(), GROUP, ids));
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    @Override
    public Backlog backlog() {
        try {
            Master master = link.awaitMaster(clock.instant().plus(PATIENCE));
            RedisAsyncCommands<byte[], byte[]> commands = master.reads().async();
            long size = get(master, commands.xlen(keys.outbox()), PATIENCE);
            List<StreamMessage<byte[], byte[]>> oldest =
                    get(master, commands.xrange(keys.outbox(), Range.unbounded(), Limit.from(1)), PATIENCE);
            return new Backlog(
                    size,
                    oldest.isEmpty()
                            ? null
                            : OutboxEntry.stored(oldest.getFirst().getId()));
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private <T> T ask(Master master, Duration patience, Question<T> question) throws InterruptedException {
        try {
            return get(master, question.apply(master.outbox().async()), patience);
        } catch (MissingGroup e) {
            createGroup(master);
            return get(master, question.apply(master.outbox().async()), patience);
        } catch (CatgaException e) {
            lookThroughAll();
            throw e;
        }
    }

    /** After a lost answer, or one that is not to be trusted, nobody knows what this relay was given. */
    private void lookThroughAll() {
        unseen = Optional.of(FIRST);
    }

    /** From the beginning of the stream: entries may have been written before the first relay. */
    private void createGroup(Master master) throws InterruptedException {
        List<RuntimeException> refused = new ArrayList<>();
        try {
            get(
                    master,
                    master.outbox()
                            .async()
                            .xgroupCreate(
                                    StreamOffset.from(keys.outbox(), "0"), GROUP, XGroupCreateArgs.Builder.mkstream()),
                    PATIENCE);
        } catch (CatgaException e) {
            refused.add(e);
        }
        if (!refused.isEmpty() && !isBusyGroup(refused.getFirst())) {
            throw refused.getFirst();
        }
    }

    /** Another relay was quicker. */
    private static boolean isBusyGroup(Exception refusal) {
        Throwable cause = refusal.getCause();
        return cause != null && String.valueOf(cause.getMessage()).startsWith("BUSYGROUP");
    }

    private <T> T get(Master master, CompletionStage<T> answer, Duration patience) throws InterruptedException {
        try {
            Instant until = clock.instant().plus(patience);
            return link.await(master, answer, () -> clock.instant().isBefore(until));
        } catch (TimeoutException e) {
            throw new CatgaException(ErrorCode.UNAVAILABLE, "Redis has not answered in time", e);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            RedisFailure failure = RedisFailure.of(cause);
            if (failure == RedisFailure.NO_GROUP) {
                throw new MissingGroup(cause);
            }
            switch (failure) {
                case DEMOTED -> link.demoted(master);
                case FORBIDDEN -> link.tellForbidden(cause);
                default -> link.suspect(master);
            }
            throw new CatgaException(ErrorCode.UNAVAILABLE, "Redis has refused: " + cause.getMessage(), cause);
        }
    }

    private static final class MissingGroup extends RuntimeException {

        private static final long serialVersionUID = 1L;

        MissingGroup(Throwable cause) {
            super(cause);
        }
    }
}
