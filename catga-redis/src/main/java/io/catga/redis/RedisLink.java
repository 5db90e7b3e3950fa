package io.catga.redis;

import io.catga.CatgaError;
import io.catga.CatgaException;
import io.catga.Described;
import io.catga.ErrorCode;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.SslOptions;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.resource.ClientResources;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connections of one application to whichever Redis is master. Thread-safe.
 *
 * <p>{@link #start} returns at once; a thread of its own connects, and from then on asks the Sentinels and the node
 * itself several times a second who is master, and at once when somebody reports trouble. Then it opens connections to
 * the new master and puts them in the place of the old ones. Lettuce's own reconnecting and replaying is off: measured,
 * it lost a third of the writes, or hung 12 to 23 s on a paused master. What was in flight when a connection broke may or
 * may not have happened; who sent it knows whether repeating it is safe.
 *
 * <p>Longer than most classes here: the keeper's thread and those who wait for it share one lock, and are read together.
 */
public final class RedisLink implements AutoCloseable, Described {

    private static final Logger LOG = LoggerFactory.getLogger(RedisLink.class);

    /**
     * How often to look while all is well; a demoted master that nobody uses is noticed after this time at the latest. Who
     * uses it notices before, and reports it. Every 250 ms, with the questions one after the other, this took eight idle
     * applications a tenth of a processor; the Sentinels themselves ask a replica every ten seconds.
     */
    private static final Duration LOOK = Duration.ofMillis(500);
    /** How often those who wait for a master look whether there still is hope of one. */
    private static final Duration GLANCE = Duration.ofMillis(250);
    /** How often to look while there is no master. */
    private static final Duration SEARCH = Duration.ofMillis(50);
    /**
     * How long to hope when there is no master and no replica that could become one. The Sentinels take a second to say so,
     * and a caller is to hear within two.
     */
    private static final Duration PATIENCE = Duration.ofMillis(500);
    /**
     * How long a connection to the master may be silent before connecting to it is tried again beside what there is. After
     * a cut through the network the old connections look open, and wait for TCP to send once more: some seconds, or many
     * minutes if the addresses have changed.
     */
    private static final Duration SILENCE = Duration.ofSeconds(1);
    /** How long connecting may take; long, because on a busy machine it does, and meanwhile looking goes on. */
    private static final Duration CONNECT = Duration.ofSeconds(3);

    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);
    private static final Duration SHUTDOWN = Duration.ofSeconds(1);
    /** What Redis says may name a key, and there are any number of those. */
    private static final int MOST_FORBIDDEN = 20;

    private final RedisOptions options;
    private final Clock clock;
    private final ClientResources resources;
    private final RedisClient client;
    private final ExecutorService connecting = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("catga-redis-connect").factory());
    private final @Nullable Sentinels sentinels;
    private final Set<String> forbidden = ConcurrentHashMap.newKeySet();
    private final LongAdder failovers = new LongAdder();

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Condition suspected = lock.newCondition();
    private volatile @Nullable Master master;
    private volatile @Nullable Topology topology;
    private volatile @Nullable Instant hopelessSince;
    private volatile boolean closed;
    private boolean suspicion;

    /** Only the keeper touches these. */
    private final Refusals refusals;

    private @Nullable Thread keeper;

    private @Nullable Address lastMaster;
    private @Nullable Attempt attempt;
    private boolean told;

    /** Connecting to a node that was named as master. */
    private record Attempt(Address address, CompletableFuture<Master> connected) {}

    /** As these options say; nothing is connected before {@link #start}. */
    public RedisLink(RedisOptions options) {
        this(options, Clock.systemUTC());
    }

    RedisLink(RedisOptions options, Clock clock) {
        this.options = options;
        this.clock = clock;
        this.refusals =
                new Refusals("Redis", "catga.redis.username, catga.redis.password and catga.redis.ssl-bundle", clock);
        this.resources =
                ClientResources.builder().socketAddressResolver(new Names()).build();
        this.client = RedisClient.create(resources);
        SslOptions tls = options.access().tls();
        client.setOptions(ClientOptions.builder()
                .sslOptions(tls == null ? SslOptions.create() : tls)
                .autoReconnect(false)
                .disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
                .socketOptions(SocketOptions.builder().connectTimeout(CONNECT).build())
                // Who asks decides how long to wait; Lettuce would give up by the time for connecting.
                .timeoutOptions(TimeoutOptions.builder().timeoutCommands(false).build())
                .build());
        this.sentinels =
                options.sentinels().isEmpty() ? null : new Sentinels(client, options, clock, CONNECT, connecting);
    }

    /** What it was made with. */
    public RedisOptions options() {
        return options;
    }

    /** Begins to connect, in the background. To be called once. */
    public void start() {
        keeper = Thread.ofVirtual().name("catga-redis-keeper").start(this::keep);
    }

    /** Whether a step can be committed now: there is a master, and a replica to acknowledge it. */
    public boolean isWritable() {
        Topology known = topology;
        return master != null && (sentinels == null || (known != null && known.followingReplicas() > 0));
    }

    /** Where the master is; empty while there is none. */
    public Optional<String> masterAddress() {
        return Optional.ofNullable(master).map(found -> found.address().toString());
    }

    @Override
    public Map<String, Object> describe() {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("sentinels", options.sentinels());
        all.put("master", masterAddress().orElse("none"));
        all.put("writable", isWritable());
        all.put("failovers", failovers());
        return all;
    }

    /** How often another node has become master since the start. */
    public long failovers() {
        return failovers.sum();
    }

    /**
     * How many replicas a write to a master has to wait for: every one that could be promoted, since Sentinel chooses among
     * them, and at least one. None where there are no Sentinels.
     *
     * @throws TimeoutException when another node has been named as master: replicas that still follow this one will forget
     *     what they acknowledge to it
     */
    int requiredReplicas(Master asked) throws TimeoutException {
        Topology known = topology;
        if (sentinels == null) {
            return 0;
        }
        if (known == null) {
            return 1;
        }
        if (!known.master().equals(asked.address())) {
            demoted(asked);
            throw new TimeoutException(asked.address() + " is not the master any more");
        }
        return Math.max(1, known.followingReplicas());
    }

    /** Whether there has been nothing for a while that could take writes, and nothing that could be promoted. */
    boolean isHopeless() {
        Instant since = hopelessSince;
        return since != null && !clock.instant().isBefore(since.plus(PATIENCE));
    }

    /**
     * Waits for a master.
     *
     * @throws CatgaException with {@link ErrorCode#UNAVAILABLE} where there is none by the deadline, or as soon as it is
     *     clear that there will be none soon
     */
    Master awaitMaster(Instant deadline) throws InterruptedException {
        Master found = master;
        if (found != null) {
            return found;
        }
        lock.lockInterruptibly();
        try {
            while (master == null) {
                Duration left = Duration.between(clock.instant(), deadline);
                if (closed || isHopeless() || !left.isPositive()) {
                    throw unavailable(closed ? "the connection to Redis is closed" : "no Redis is master now");
                }
                changed.awaitNanos(Math.min(left.toNanos(), GLANCE.toNanos()));
            }
            return java.util.Objects.requireNonNull(master);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Reports that the node does not let this application do something, which somebody has to permit: asking again would come
     * to the same, and the log need not say it again.
     */
    void tellForbidden(Throwable refusal) {
        String message = String.valueOf(refusal.getMessage());
        if (forbidden.size() < MOST_FORBIDDEN && forbidden.add(message)) {
            LOG.error("Redis refuses a command of this application: {}", message);
        }
    }

    static CatgaException unavailable(String why) {
        return new CatgaException(CatgaError.of(ErrorCode.UNAVAILABLE, why).retryAfter(RETRY_AFTER));
    }

    /**
     * Waits for an answer for as long as the asked node is master. One that is only slow is not asked again, which would
     * make it slower; and when it is replaced its connections are closed, which ends the waiting at once.
     *
     * @throws TimeoutException when nobody is interested any more, or the node is no master any more
     */
    <T> T await(Master asked, CompletionStage<T> answer, BooleanSupplier interested)
            throws ExecutionException, TimeoutException, InterruptedException {
        CompletableFuture<T> future = answer.toCompletableFuture();
        while (true) {
            try {
                return future.get(options.commandTimeout().toNanos(), TimeUnit.NANOSECONDS);
            } catch (TimeoutException e) {
                suspect(asked);
                if (master != asked || !interested.getAsBoolean()) {
                    throw e;
                }
            }
        }
    }

    /** Reports that a node did not do what a master should; whether it still is one is looked into at once. */
    void suspect(Master reported) {
        if (!reported.isOpen()) {
            demoted(reported);
            return;
        }
        lock.lock();
        try {
            suspicion = true;
            suspected.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Reports that a node is no master any more, or that one of the connections to it is broken. */
    void demoted(Master reported) {
        lock.lock();
        try {
            if (master == reported) {
                master = null;
            }
            suspicion = true;
            suspected.signal();
        } finally {
            lock.unlock();
        }
        reported.close();
    }

    private void keep() {
        try {
            while (!closed) {
                try {
                    look();
                } catch (RuntimeException defect) {
                    LOG.error("Looking after the connection to Redis met a defect and goes on", defect);
                }
                pause();
            }
        } catch (InterruptedException e) {
            LOG.debug("Stopped looking after the connection to Redis");
        }
    }

    private void pause() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long left = (master == null ? SEARCH : LOOK).toNanos();
            while (!suspicion && !closed && left > 0) {
                left = suspected.awaitNanos(left);
            }
            suspicion = false;
        } finally {
            lock.unlock();
        }
        if (!closed && master == null) {
            // Also after a suspicion: looking takes a moment, and the answer does not change faster than this.
            TimeUnit.NANOSECONDS.sleep(SEARCH.toNanos() / 2);
        }
    }

    private void look() throws InterruptedException {
        Master current = master;
        if (current != null) {
            // Beside the Sentinels, not after them: each time that a thread waits costs as much as all the questions.
            current.ask();
        }
        Optional<Address> named = namedMaster();
        if (current != null && !isStillMaster(current, named)) {
            LOG.warn("Redis at {} is not the master any more", current.address());
            demoted(current);
            current = null;
        }
        if (current == null) {
            if (named.isPresent()) {
                connect(named.get());
            }
        } else if (current.silence().compareTo(SILENCE) > 0) {
            connect(current.address());
        } else {
            abandonAttempt();
        }
        noteHope();
    }

    private Optional<Address> namedMaster() throws InterruptedException {
        if (sentinels == null) {
            return Optional.ofNullable(options.node()).map(Address::parse);
        }
        Optional<Topology> said = sentinels.ask();
        // Without a majority the last that was said stays: losing Sentinels must not stop a master that works.
        said.ifPresent(current -> topology = current);
        return said.map(Topology::master);
    }

    /**
     * A node that is silent is still master as far as anybody knows: it may be busy, and if it hangs, the Sentinels will
     * name another within a second or two. Giving it up before would only add reconnecting to what a busy machine has to do;
     * it is given up when it has answered over a new connection.
     */
    private boolean isStillMaster(Master current, Optional<Address> named) throws InterruptedException {
        if (!current.isOpen()
                || named.filter(other -> !other.equals(current.address())).isPresent()) {
            return false;
        }
        try {
            return current.isMaster(options.commandTimeout());
        } catch (TimeoutException e) {
            LOG.debug("The Redis master at {} is silent", current.address());
            return true;
        } catch (ExecutionException e) {
            return false;
        }
    }

    /** Begins to connect, or looks how far it is: a node that hangs must not keep the next from being tried. */
    private void connect(Address address) throws InterruptedException {
        Attempt current = attempt;
        if (refusals.isResting(address)) {
            return;
        }
        if (current == null || !current.address().equals(address)) {
            abandonAttempt();
            current = new Attempt(address, Master.connect(client, options, address, CONNECT, connecting));
            attempt = current;
        }
        try {
            adopt(current.connected().get(SEARCH.toNanos(), TimeUnit.NANOSECONDS));
            attempt = null;
        } catch (TimeoutException e) {
            LOG.debug("Still connecting to {}", address);
        } catch (ExecutionException e) {
            attempt = null;
            if (!refusals.isOne(address, e) && !told) {
                told = true;
                LOG.warn("Redis at {} cannot be used as master yet, trying on: {}", address, String.valueOf(rootOf(e)));
            }
        }
    }

    private static Throwable rootOf(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root;
    }

    private void abandonAttempt() {
        if (attempt != null) {
            attempt.connected().thenAccept(Master::close);
            attempt = null;
        }
    }

    private void adopt(Master found) {
        if (lastMaster != null && !lastMaster.equals(found.address())) {
            failovers.increment();
        }
        lastMaster = found.address();
        told = false;
        refusals.accepted(found.address());
        forbidden.clear();
        Master silent = master;
        LOG.info("Connected to the Redis master at {}", found.address());
        lock.lock();
        try {
            master = found;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        if (silent != null) {
            silent.close();
        }
        if (closed) {
            found.close();
        }
    }

    /**
     * With Sentinels there is hope while one replica answers: it will be promoted; not where the master refuses this
     * application, as then nobody is. A single node has only itself.
     */
    private void noteHope() {
        Topology known = topology;
        boolean hope = sentinels == null
                ? master != null
                : known != null
                        && known.reachableReplicas() > 0
                        && (master != null || !refusals.isResting(known.master()));
        if (hope) {
            hopelessSince = null;
        } else if (hopelessSince == null) {
            hopelessSince = clock.instant();
        }
    }

    /** Closes all connections at once. To be called when everything that uses them has stopped. */
    @Override
    public void close() {
        closed = true;
        Thread running = keeper;
        try {
            if (running != null) {
                running.interrupt();
                running.join(Duration.ofSeconds(1));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        // closes what it has opened
        connecting.shutdownNow();
        client.shutdown(Duration.ZERO, SHUTDOWN);
        // The client leaves to whoever has made them what it was given.
        resources.shutdown(0, SHUTDOWN.toMillis(), TimeUnit.MILLISECONDS).awaitUninterruptibly(SHUTDOWN.toMillis());
    }
}
