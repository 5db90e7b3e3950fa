package io.catga.nats;

import io.nats.client.Connection;
import io.nats.client.ConnectionListener.Events;
import io.nats.client.JetStreamOptions;
import io.nats.client.Nats;
import io.nats.client.Options;
import io.nats.client.impl.Headers;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * The connection of one application to NATS, shared by everything that sends and receives. Thread-safe.
 *
 * <p>{@link #start} returns at once; the connection is made in the background, tried again until it works, and comes
 * back by itself after any fault. Nothing is connected before. {@link #isConnected} tells how it is now.
 *
 * <p>How quickly a fault is noticed comes from the settings in {@link #connectionOptions}. A connection that breaks is
 * told at once to all who wait for an answer over it, because the NATS client itself lets them wait (measured: the
 * whole time-out). Requests are not put into the client's buffer while there is no connection: what is sent when the
 * connection returns may be past its deadline.
 *
 * <p>Longer than most classes here: how a connection is made, lost, moved and closed shares one state, and is read together.
 */
public final class NatsLink implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(NatsLink.class);

    private static final Duration CONNECT_PAUSE = Duration.ofMillis(200);
    private static final Duration QUIET = Duration.ofSeconds(10);
    /** Between attempts that end the same way until somebody has changed credentials or certificates. */
    private static final Duration REFUSED_PAUSE = Duration.ofSeconds(5);

    private static final Duration REFUSED_QUIET = Duration.ofMinutes(1);
    private static final Duration FLUSH = Duration.ofSeconds(2);
    /** For connecting over TLS: more round trips, and arithmetic that a busy machine takes its time for. */
    private static final Duration HANDSHAKE = Duration.ofSeconds(1);

    /** The client takes the connection time-out for JetStream calls otherwise, and creating a stream takes longer. */
    static final JetStreamOptions JETSTREAM =
            JetStreamOptions.builder().requestTimeout(Duration.ofSeconds(5)).build();

    /** How long a missing permission may explain what has become of a call: longer than the call waits. */
    private static final Duration EXPLAINS = Duration.ofSeconds(6);

    private final NatsOptions options;
    private final UnaryOperator<Options.Builder> customization;
    private final Clock clock;
    private final ScheduledExecutorService scheduler;
    private final ReplyInbox inbox = new ReplyInbox();
    private final Refusals refusals;
    private final LongAdder reconnects = new LongAdder();

    private final ReentrantLock attaching = new ReentrantLock();
    private final List<Consumer<Connection>> attachments = new ArrayList<>();

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private volatile @Nullable Connection connection;
    private volatile boolean closed;
    /** Since it was told last; the client calls each address that it cannot reach a loss. */
    private volatile boolean lossTold;

    private @Nullable Thread connector;

    /** As these options say, with nothing else told to the NATS client; nothing is connected before {@link #start}. */
    public NatsLink(NatsOptions options) {
        this(options, UnaryOperator.identity());
    }

    /**
     * As these options say, with settings of the NATS client added; nothing is connected before {@link #start}.
     *
     * @param customization what else the NATS client is to be told; applied last
     */
    public NatsLink(NatsOptions options, UnaryOperator<Options.Builder> customization) {
        this(
                options,
                customization,
                Clock.systemUTC(),
                Executors.newSingleThreadScheduledExecutor(
                        Thread.ofPlatform().daemon().name("catga-nats-timer").factory()));
    }

    NatsLink(
            NatsOptions options,
            UnaryOperator<Options.Builder> customization,
            Clock clock,
            ScheduledExecutorService scheduler) {
        this.options = options;
        this.customization = customization;
        this.clock = clock;
        this.scheduler = scheduler;
        this.refusals = new Refusals(options.access(), clock, inbox::refused);
    }

    /** What it was made with; whatever sends or receives over it takes its own part from here. */
    public NatsOptions options() {
        return options;
    }

    ReplyInbox inbox() {
        return inbox;
    }

    ScheduledExecutorService scheduler() {
        return scheduler;
    }

    /** Begins to connect, in the background. To be called once. */
    public void start() {
        connector = Thread.ofVirtual().name("catga-nats-connect").start(this::stayConnected);
    }

    /** Whether there is a connection to a server at this moment. */
    public boolean isConnected() {
        Connection current = connection;
        return current != null && current.getStatus() == Connection.Status.CONNECTED;
    }

    /**
     * Whether the server has accepted every subscription that was made over this connection. Where its user lacks a
     * permission, the application is connected and does not hear everything that it should.
     */
    public boolean hearsAll() {
        return !refusals.isDeaf();
    }

    /**
     * How often the connection has come back since the start: by the client itself, to the same or another server, or by
     * a new one in the place of one that was closed for good.
     */
    public long reconnects() {
        return reconnects.sum();
    }

    /** The name of the server that the connection leads to; empty where there is none. */
    public String connectedServer() {
        Connection current = connection;
        return current != null && isConnected() ? current.getServerInfo().getServerName() : "";
    }

    /**
     * Waits for a connection.
     *
     * @return whether there is one
     */
    public boolean awaitConnected(Duration patience) throws InterruptedException {
        long left = patience.toNanos();
        lock.lockInterruptibly();
        try {
            while (!isConnected() && !closed && left > 0) {
                left = changed.awaitNanos(left);
            }
            return isConnected();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits until the link is closed.
     *
     * @return whether it is
     */
    boolean awaitClosed(Duration patience) throws InterruptedException {
        long left = patience.toNanos();
        lock.lockInterruptibly();
        try {
            while (!closed && left > 0) {
                left = changed.awaitNanos(left);
            }
            return closed;
        } finally {
            lock.unlock();
        }
    }

    boolean isClosed() {
        return closed;
    }

    @Nullable
    Connection connection() {
        return connection;
    }

    /**
     * Has something done with the connection, now if there is one, and with each that replaces it. Subscriptions survive
     * a reconnect of the client by themselves; a new connection comes only after one that was closed for good.
     */
    void onConnection(Consumer<Connection> action) {
        attaching.lock();
        try {
            attachments.add(action);
            Connection current = connection;
            if (current != null) {
                attach(action, current);
            }
        } finally {
            attaching.unlock();
        }
    }

    private static void attach(Consumer<Connection> action, Connection current) {
        try {
            action.accept(current);
        } catch (IllegalStateException e) {
            LOG.debug("The connection was closed while it was being prepared; there will be another", e);
        }
    }

    /**
     * Sends a message, unless it would have to wait.
     *
     * @return false where there is no connection, too much is waiting to be written to it, or the client refuses it
     */
    boolean send(String subject, @Nullable String replyTo, @Nullable Headers headers, byte[] payload) {
        return isConnected() && sendOrKeep(subject, replyTo, headers, payload);
    }

    /**
     * As {@link #send}, but keeps it in a bounded buffer while the client reconnects: right for answers and
     * acknowledgements, which cost a repetition if they are lost, and nothing if they are late.
     */
    boolean sendOrKeep(String subject, @Nullable String replyTo, @Nullable Headers headers, byte[] payload) {
        Connection current = connection;
        if (current == null) {
            return false;
        }
        try {
            current.publish(subject, replyTo, headers, payload);
            return true;
        } catch (IllegalStateException e) {
            LOG.debug("Not sent to {}: {}", subject, e.getMessage());
            return false;
        } catch (IllegalArgumentException e) {
            // Larger than the server takes, which the sender could not know before there was a connection.
            LOG.warn("Cannot be sent to {}: {}", subject, e.getMessage());
            return false;
        }
    }

    /** How many bytes of headers and payload the server takes in one message. */
    long maxPayload() {
        Connection current = connection;
        long limit = current == null ? 0 : current.getMaxPayload();
        return limit > 0 ? limit : Long.MAX_VALUE;
    }

    /** Waits until the server has everything that was sent; gives up quietly where there is no connection. */
    void flush(Duration patience) throws InterruptedException {
        Connection current = connection;
        if (current == null || !isConnected() || !patience.isPositive()) {
            return;
        }
        try {
            current.flush(patience.compareTo(FLUSH) < 0 ? patience : FLUSH);
        } catch (TimeoutException | IllegalStateException e) {
            LOG.warn("NATS did not confirm within {} that it has everything: {}", patience, e.getMessage());
        }
    }

    /** What an exception of a call of JetStream says, or the missing permission that is behind it. */
    String explain(Exception failure) {
        return Optional.of(failure)
                .filter(IOException.class::isInstance)
                .flatMap(unanswered -> refusedCall())
                .orElseGet(() -> String.valueOf(failure.getMessage()));
    }

    /** Which call of JetStream the server has not taken a moment ago. */
    Optional<String> refusedCall() {
        return refusals.ofCall(EXPLAINS);
    }

    private void stayConnected() {
        Instant quietUntil = Instant.MIN;
        try {
            while (!closed) {
                Duration pause = CONNECT_PAUSE;
                NatsErrorLog errors = new NatsErrorLog(options, refusals);
                try {
                    adopt(Nats.connect(connectionOptions(errors)));
                    awaitLoss();
                } catch (IOException | RuntimeException e) {
                    // One that could not be prepared would otherwise stay open beside the next.
                    closeConnection();
                    boolean refused = errors.isRefusal(e);
                    pause = refused ? REFUSED_PAUSE : CONNECT_PAUSE;
                    if (clock.instant().isAfter(quietUntil)) {
                        quietUntil = clock.instant().plus(refused ? REFUSED_QUIET : QUIET);
                        LOG.atLevel(refused ? Level.ERROR : Level.WARN)
                                .log("No connection to NATS yet, trying on: {}", errors.explain(e));
                    }
                }
                awaitClosed(pause);
            }
        } catch (InterruptedException e) {
            LOG.debug("Stopped connecting to NATS");
        } finally {
            // A connection that was being made while the link was closed is nobody else's to close.
            closeConnection();
        }
    }

    private void adopt(Connection established) {
        attaching.lock();
        try {
            refusals.forget();
            // Before anybody can send, so that every address that is given out leads to where answers arrive.
            attach(inbox::attach, established);
            if (connection != null) {
                reconnects.increment();
            }
            connection = established;
            lossTold = false;
            LOG.info(
                    "Connected to NATS server {} {} at {}",
                    established.getServerInfo().getServerName(),
                    established.getServerInfo().getVersion(),
                    established.getConnectedUrl());
            attachments.forEach(action -> attach(action, established));
        } finally {
            attaching.unlock();
        }
        signal();
    }

    /** The client reconnects by itself for ever, except after its credentials were refused twice. */
    private void awaitLoss() throws InterruptedException {
        Connection current = connection;
        lock.lockInterruptibly();
        try {
            while (!closed && current != null && current.getStatus() != Connection.Status.CLOSED) {
                changed.await();
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * The client's defaults notice a hung server after minutes, give up after 60 attempts, and wait 2 s between them;
     * measured with these, a killed node costs 35 to 150 ms and a hung one a second.
     */
    private Options connectionOptions(NatsErrorLog errors) {
        return customization
                .apply(withAccess(Options.builder()
                        .servers(options.servers().toArray(String[]::new))
                        .connectionName(options.connectionName())
                        .maxReconnects(-1)
                        .reconnectWait(Duration.ofMillis(100))
                        .reconnectJitter(Duration.ofMillis(50))
                        .reconnectJitterTls(Duration.ofMillis(50))
                        .connectionTimeout(Duration.ofMillis(500))
                        .pingInterval(Duration.ofMillis(250))
                        .maxPingsOut(2)
                        .socketWriteTimeout(Duration.ofSeconds(2))
                        .requestCleanupInterval(Duration.ofSeconds(1))
                        // Answers and acknowledgements of one outage; requests are not kept at all.
                        .reconnectBufferSize(1 << 20)
                        .reportNoResponders()
                        .connectionListener(this::onEvent)
                        .errorListener(errors)))
                .build();
    }

    private Options.Builder withAccess(Options.Builder builder) {
        NatsAccess access = options.access();
        builder.inboxPrefix(access.inboxPrefix());
        if (access.username() != null && access.password() != null) {
            builder.userInfo(access.username().toCharArray(), access.password().toCharArray());
        }
        return access.tls() == null
                ? builder
                : builder.sslContext(HostCheckingContext.of(access.tls()))
                        .connectionTimeout(HANDSHAKE)
                        // Otherwise the client resolves names first, and has a certificate checked against an address.
                        .hostnameResolveMode(Options.HostnameResolveMode.HappyEyeballs)
                        // The servers tell of each other by addresses as well.
                        .ignoreDiscoveredServers();
    }

    private void onEvent(Connection source, Events event) {
        if (source.equals(connection)) {
            switch (event) {
                case DISCONNECTED -> {
                    inbox.lost();
                    if (!closed && !lossTold) {
                        lossTold = true;
                        LOG.warn("Lost the connection to NATS, reconnecting");
                    }
                }
                case RECONNECTED -> {
                    refusals.forget();
                    reconnects.increment();
                    lossTold = false;
                    LOG.info("Reconnected to NATS server {}", connectedServer());
                }
                case LAME_DUCK -> Thread.ofVirtual().name("catga-nats-move").start(() -> move(source));
                case CLOSED ->
                    LOG.atLevel(closed ? Level.DEBUG : Level.ERROR)
                            .log("The connection to NATS was closed: {}", source.getLastError());
                default -> LOG.debug("NATS connection: {}", event);
            }
        }
        signal();
    }

    /** A server that is about to stop says so, and the client does nothing about it by itself. */
    private static void move(Connection source) {
        try {
            LOG.info("The NATS server is about to stop, moving to another");
            source.forceReconnect();
        } catch (IOException e) {
            LOG.warn("Could not move to another NATS server before this one stops: {}", e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void signal() {
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Closes the connection at once. To be called when everything that uses it has stopped. */
    @Override
    public void close() {
        closed = true;
        signal();
        scheduler.shutdownNow();
        inbox.lost();
        closeConnection();
        Thread running = connector;
        try {
            if (running != null) {
                running.join(Duration.ofSeconds(1));
            }
            scheduler.awaitTermination(1, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void closeConnection() {
        Connection current = connection;
        try {
            if (current != null) {
                current.close();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
