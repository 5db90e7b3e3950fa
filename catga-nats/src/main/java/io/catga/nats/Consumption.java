package io.catga.nats;

import io.nats.client.Connection;
import io.nats.client.ConsumeOptions;
import io.nats.client.ConsumerContext;
import io.nats.client.Dispatcher;
import io.nats.client.JetStreamApiException;
import io.nats.client.MessageConsumer;
import io.nats.client.MessageHandler;
import io.nats.client.api.AckPolicy;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.ConsumerInfo;
import io.nats.client.api.DeliverPolicy;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The events of one durable consumer, flowing over one connection until it stalls or is stopped. Belongs to one thread,
 * but for {@link #backlog}.
 *
 * <p>The client asks for events with an expiry of one second: if the server that leads the consumer dies, only a missing
 * sign of life tells, after three halves of the expiry. With the default of 30 s, deliveries stood still for more than a
 * minute. And because the client's own recovery has known gaps, this looks itself whether the server has events that do
 * not come.
 */
final class Consumption implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Consumption.class);

    private static final Duration EXPIRY = Duration.ofSeconds(1);
    private static final int UNLIMITED = -1;
    /** The consumer, or the stream with all its consumers, has been removed. */
    private static final Set<Integer> GONE = Set.of(10014, 10059);

    private static final int PATIENT_LOOKS = 3;
    private static final Duration LOOK = Duration.ofMillis(10);

    private final Connection connection;
    private final Dispatcher dispatcher;
    private final ConsumerContext context;
    private final MessageConsumer consumer;
    private final int maxAckPending;
    private long receivedBefore;
    private int looksWithoutProgress;
    private volatile @Nullable Backlog backlog;

    /**
     * What the server has said at the last look.
     *
     * @param pending    events that the consumer has not been given yet
     * @param ackPending events that it has been given and has not settled
     */
    record Backlog(long pending, long ackPending) {}

    private Consumption(
            Connection connection,
            Dispatcher dispatcher,
            ConsumerContext context,
            MessageConsumer consumer,
            int maxAckPending) {
        this.connection = connection;
        this.dispatcher = dispatcher;
        this.context = context;
        this.consumer = consumer;
        this.maxAckPending = maxAckPending;
    }

    /** Creates the consumer on the server, or changes it to what the options say, and lets its events flow. */
    static Consumption begin(Connection connection, NatsOptions options, Set<String> types, MessageHandler handler)
            throws IOException, JetStreamApiException {
        NatsEventOptions events = options.events();
        ConsumerContext context = connection
                .getStreamContext(events.stream(), NatsLink.JETSTREAM)
                .createOrUpdateConsumer(describe(options, types));
        Dispatcher dispatcher = connection.createDispatcher();
        try {
            MessageConsumer consumer = context.consume(
                    ConsumeOptions.builder()
                            .batchSize(events.prefetch())
                            .expiresIn(EXPIRY.toMillis())
                            .raiseStatusWarnings(true)
                            .build(),
                    dispatcher,
                    handler);
            return new Consumption(connection, dispatcher, context, consumer, events.maxAckPending());
        } catch (IOException | JetStreamApiException | RuntimeException e) {
            connection.closeDispatcher(dispatcher);
            throw e;
        }
    }

    /** A new consumer begins with all that the stream has: whichever of publisher and consumer starts first. */
    private static ConsumerConfiguration describe(NatsOptions options, Set<String> types) {
        NatsEventOptions events = options.events();
        return ConsumerConfiguration.builder()
                .durable(events.durable())
                .description(options.connectionName())
                .filterSubjects(Stream.concat(
                                types.stream().map(options::eventSubject).sorted(),
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

    /**
     * Whether the consumer has to be begun anew. To be asked regularly.
     *
     * @param received how many events have come so far
     * @param idle     whether none is in hand
     */
    boolean hasStalled(long received, boolean idle) {
        if (connection.getStatus() == Connection.Status.CLOSED || consumer.isFinished()) {
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

    /** Asks for no more, and lets come what was asked for: it expires within a second. */
    void finish() throws InterruptedException {
        consumer.stop();
        Duration left = EXPIRY.plus(EXPIRY.dividedBy(2));
        while (!consumer.isFinished() && left.isPositive() && connection.getStatus() == Connection.Status.CONNECTED) {
            TimeUnit.NANOSECONDS.sleep(LOOK.toNanos());
            left = left.minus(LOOK);
        }
    }

    @Override
    public void close() {
        try {
            consumer.close();
            if (connection.getStatus() != Connection.Status.CLOSED) {
                connection.closeDispatcher(dispatcher);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            LOG.debug("The consumer could not be closed", e);
        }
    }
}
