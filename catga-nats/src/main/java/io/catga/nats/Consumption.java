package io.catga.nats;

import io.nats.client.Connection;
import io.nats.client.ConsumerContext;
import io.nats.client.Dispatcher;
import io.nats.client.JetStreamApiException;
import io.nats.client.Message;
import io.nats.client.MessageHandler;
import io.nats.client.PullRequestOptions;
import io.nats.client.StreamContext;
import io.nats.client.api.AckPolicy;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.ConsumerInfo;
import io.nats.client.api.DeliverPolicy;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The events of one durable consumer, flowing over one connection until it stalls or is stopped.
 *
 * <p>One request for events is open at a time: for a number of events, and for a second. It ends when that many have come,
 * or when the server says that it has expired, and then the next is made. If neither happens, because the server that
 * leads the consumer died or the connection broke, the next is made a little later all the same.
 *
 * <p>Not the client's own {@code ConsumerContext.consume}: stopped, it unsubscribes as soon as the last event that it
 * has asked for has arrived, and drops those that are still in its queue (jnats 2.26.2). Measured, up to 16 events a
 * restart came again after the time for their acknowledgement. Here an event, and the word that there will be no more,
 * go through the same queue.
 *
 * <p>Belongs to one thread, but for {@link #backlog}. None of its methods but {@link #begin} and {@link #finish} waits for
 * the server: a question that a broken connection has swallowed takes seconds to be given up, and in those the next request
 * for events would not be made.
 */
final class Consumption implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Consumption.class);

    private static final Duration EXPIRY = Duration.ofSeconds(1);
    /** A request that the server has not ended by then is lost. */
    private static final Duration OVERDUE = EXPIRY.plusMillis(500);

    private static final int UNLIMITED = -1;
    /** The consumer, or the stream with all its consumers, has been removed. */
    private static final Set<Integer> GONE = Set.of(10014, 10059);

    private static final int PATIENT_LOOKS = 3;
    private static final int EXPIRED = 408;

    private final Connection connection;
    private final ConsumerContext context;
    private final MessageHandler handler;
    private final Dispatcher dispatcher;
    private final int batch;
    private final int maxAckPending;
    private final String requests;
    private final String inbox;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition ended = lock.newCondition();
    /** All of these are guarded by the lock. */
    private long request;

    private int outstanding;
    private long overdueAt;
    private boolean stopped;

    /** Of one look at a time. */
    private final AtomicBoolean looking = new AtomicBoolean();

    private long receivedBefore;
    private int looksWithoutProgress;
    private volatile boolean stalled;
    private volatile @Nullable Backlog backlog;

    /**
     * What the server has said at the last look.
     *
     * @param pending    events that the consumer has not been given yet
     * @param ackPending events that it has been given and has not settled
     */
    record Backlog(long pending, long ackPending) {}

    private Consumption(
            Connection connection, ConsumerContext context, NatsEventOptions options, MessageHandler handler) {
        this.connection = connection;
        this.context = context;
        this.handler = handler;
        this.batch = options.prefetch();
        this.maxAckPending = options.maxAckPending();
        this.requests = "$JS.API.CONSUMER.MSG.NEXT.%s.%s".formatted(options.stream(), options.durable());
        this.inbox = connection.createInbox();
        this.dispatcher = connection.createDispatcher(this::take);
    }

    /** Creates the consumer on the server, or changes it to what the options say, and lets its events flow. */
    static Consumption begin(Connection connection, NatsOptions options, Set<String> types, MessageHandler handler)
            throws IOException, JetStreamApiException {
        NatsEventOptions events = options.events();
        ConsumerContext context = consumer(
                connection.getStreamContext(events.stream(), NatsLink.JETSTREAM),
                events.durable(),
                describe(options, types));
        Consumption consumption = new Consumption(connection, context, events, handler);
        consumption.dispatcher.subscribe(consumption.inbox + ".*");
        consumption.tend();
        return consumption;
    }

    /**
     * One that is as it should be is only looked at, which its own leader answers. To make or change one takes the leader of
     * all of JetStream: that may be electing, or be on the other side of a cut between data centres.
     */
    private static ConsumerContext consumer(StreamContext stream, String durable, ConsumerConfiguration wanted)
            throws IOException, JetStreamApiException {
        try {
            if (isAsWanted(stream.getConsumerInfo(durable).getConsumerConfiguration(), wanted)) {
                return stream.getConsumerContext(durable);
            }
        } catch (JetStreamApiException e) {
            if (!GONE.contains(e.getApiErrorCode())) {
                throw e;
            }
        }
        return stream.createOrUpdateConsumer(wanted);
    }

    private static boolean isAsWanted(ConsumerConfiguration found, ConsumerConfiguration wanted) {
        return Set.copyOf(found.getFilterSubjects()).equals(Set.copyOf(wanted.getFilterSubjects()))
                && Objects.equals(found.getDescription(), wanted.getDescription())
                && Objects.equals(found.getAckWait(), wanted.getAckWait())
                && Objects.equals(found.getInactiveThreshold(), wanted.getInactiveThreshold())
                && found.getMaxDeliver() == wanted.getMaxDeliver()
                && found.getMaxAckPending() == wanted.getMaxAckPending()
                && found.getNumReplicas() == wanted.getNumReplicas();
    }

    /** A new consumer begins with all that the stream has: whichever of publisher and consumer starts first. */
    private static ConsumerConfiguration describe(NatsOptions options, Set<String> types) {
        NatsEventOptions events = options.events();
        return ConsumerConfiguration.builder()
                .durable(events.durable())
                .description(options.connectionName())
                .filterSubjects(Stream.concat(
                                types.stream()
                                        .flatMap(options::receivedSubjects)
                                        .sorted(),
                                Stream.of(options.replaySubject(events.durable())))
                        .toList())
                .deliverPolicy(DeliverPolicy.All)
                .ackPolicy(AckPolicy.Explicit)
                .ackWait(events.redelivery().ackWait())
                .maxDeliver(UNLIMITED)
                .maxAckPending(events.maxAckPending())
                .numReplicas(events.retention().replicas())
                .inactiveThreshold(events.retention().consumerMaxAway())
                .build();
    }

    /** Events and what the server says about requests, in the order in which they came. */
    private void take(Message message) throws InterruptedException {
        if (!message.isStatusMessage()) {
            handler.onMessage(message);
        }
        lock.lock();
        try {
            if (!message.isStatusMessage()) {
                outstanding = Math.max(0, outstanding - 1);
            } else if (message.getSubject().equals(address(request))) {
                outstanding = 0;
                if (message.getStatus().getCode() != EXPIRED) {
                    // A leader that changes, for example: to be asked again, but not at once and over and over.
                    LOG.debug("JetStream: {}", message.getStatus().getMessageWithCode());
                    overdueAt = System.nanoTime();
                    ended.signalAll();
                    return;
                }
            }
            if (outstanding == 0) {
                ended.signalAll();
                ask();
            }
        } finally {
            lock.unlock();
        }
    }

    private String address(long number) {
        return inbox + "." + number;
    }

    /** Makes the next request in place of one that seems lost. To be called several times a second. */
    void tend() {
        lock.lock();
        try {
            if (request == 0 || System.nanoTime() - overdueAt >= 0) {
                ask();
            }
        } finally {
            lock.unlock();
        }
    }

    private void ask() {
        if (stopped || connection.getStatus() != Connection.Status.CONNECTED) {
            return;
        }
        request++;
        outstanding = batch;
        overdueAt = System.nanoTime() + OVERDUE.toNanos();
        connection.publish(
                requests,
                address(request),
                PullRequestOptions.builder(batch).expiresIn(EXPIRY).build().serialize());
    }

    /** Whether the consumer has to be begun anew, by the last {@link #look}. */
    boolean hasStalled() {
        return stalled;
    }

    /**
     * Asks the server how the consumer is, on a thread of its own, unless it is still being asked. To be called regularly.
     *
     * @param received how many events have come so far
     * @param idle     whether none is in hand
     */
    void look(long received, boolean idle) {
        if (looking.compareAndSet(false, true)) {
            Thread.ofVirtual().name("catga-consumer-look").start(() -> {
                try {
                    stalled = hasStalled(received, idle);
                } finally {
                    looking.set(false);
                }
            });
        }
    }

    private boolean hasStalled(long received, boolean idle) {
        if (connection.getStatus() == Connection.Status.CLOSED) {
            return true;
        }
        if (connection.getStatus() != Connection.Status.CONNECTED) {
            backlog = null;
            return false;
        }
        try {
            ConsumerInfo there = context.getConsumerInfo();
            backlog = new Backlog(there.getNumPending(), there.getNumAckPending());
            boolean waiting = there.getNumPending() > 0 && there.getNumAckPending() < maxAckPending;
            looksWithoutProgress = waiting && idle && received == receivedBefore ? looksWithoutProgress + 1 : 0;
            receivedBefore = received;
            return looksWithoutProgress >= PATIENT_LOOKS;
        } catch (JetStreamApiException e) {
            backlog = null;
            return GONE.contains(e.getApiErrorCode());
        } catch (IOException | IllegalStateException e) {
            backlog = null;
            LOG.debug("The consumer cannot be looked at now", e);
            return false;
        }
    }

    /** By the last look; null before the first, and while the server does not answer. May be asked by any thread. */
    @Nullable
    Backlog backlog() {
        return backlog;
    }

    /** Asks for no more, and takes what was asked for: that ends within a second. */
    void finish() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            stopped = true;
            long left = OVERDUE.toNanos();
            while (outstanding > 0 && left > 0) {
                left = ended.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        if (connection.getStatus() != Connection.Status.CLOSED) {
            connection.closeDispatcher(dispatcher);
        }
    }
}
