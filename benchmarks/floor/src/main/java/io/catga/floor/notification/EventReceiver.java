package io.catga.floor.notification;

import io.catga.floor.cluster.FloorProperties;
import io.catga.floor.cluster.InHand;
import io.catga.floor.cluster.NatsClient;
import io.catga.floor.cluster.Phases;
import io.catga.floor.orders.EventStream;
import io.catga.floor.orders.OrderCreated;
import io.catga.floor.orders.Wire;
import io.nats.client.ConsumeOptions;
import io.nats.client.JetStreamApiException;
import io.nats.client.Message;
import io.nats.client.MessageConsumer;
import io.nats.client.api.AckPolicy;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.DeliverPolicy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** Receives every event by a durable consumer of this instance, some at a time, and acknowledges what is kept. */
@Component
final class EventReceiver implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(EventReceiver.class);

    private static final int PREFETCH = 64;
    private static final int MOST_UNACKNOWLEDGED = 256;
    private static final int MOST_AT_ONCE = 16;
    private static final Duration ACK_WAIT = Duration.ofSeconds(30);
    private static final Duration AGAIN_AFTER = Duration.ofSeconds(1);
    private static final Duration DRAIN = Duration.ofSeconds(10);
    /** A longer request for messages survives the death of its leader too well. */
    private static final int EXPIRY_MILLIS = 1000;

    private final NatsClient nats;
    private final Notifications notifications;
    private final JsonMapper mapper;
    private final String instance;
    private final Semaphore free = new Semaphore(MOST_AT_ONCE);
    private final InHand inHand = new InHand();
    private volatile @Nullable MessageConsumer consumer;

    EventReceiver(NatsClient nats, Notifications notifications, JsonMapper mapper, FloorProperties properties) {
        this.nats = nats;
        this.notifications = notifications;
        this.mapper = mapper;
        this.instance = properties.instance();
    }

    @Override
    public void start() {
        try {
            EventStream.ensure(nats.connection());
            consumer = nats.connection()
                    .getStreamContext(Wire.EVENT_STREAM, NatsClient.JETSTREAM)
                    .createOrUpdateConsumer(ConsumerConfiguration.builder()
                            .durable(instance)
                            .filterSubject(Wire.CREATED_EVENT)
                            .deliverPolicy(DeliverPolicy.All)
                            .ackPolicy(AckPolicy.Explicit)
                            .ackWait(ACK_WAIT)
                            .maxAckPending(MOST_UNACKNOWLEDGED)
                            .numReplicas(3)
                            .build())
                    .consume(
                            ConsumeOptions.builder()
                                    .batchSize(PREFETCH)
                                    .expiresIn(EXPIRY_MILLIS)
                                    .build(),
                            this::take);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (JetStreamApiException e) {
            throw new IllegalStateException("the events cannot be consumed", e);
        }
    }

    private void take(Message message) throws InterruptedException {
        free.acquire();
        inHand.run(() -> {
            try {
                handle(message);
            } finally {
                free.release();
            }
        });
    }

    private void handle(Message message) {
        try {
            OrderCreated event = mapper.readValue(message.getData(), OrderCreated.class);
            String eventId = Objects.requireNonNull(message.getHeaders().getFirst("Nats-Msg-Id"));
            if (notifications.received(eventId, event.orderId())) {
                LOG.info("[{}] Received event: OrderCreatedEvent [OrderId={}]", instance, event.orderId());
            }
            message.ack();
        } catch (RuntimeException e) {
            LOG.warn("[{}] An event could not be handled, and comes again: {}", instance, e.toString());
            message.nakWithDelay(AGAIN_AFTER);
        }
    }

    @Override
    public void stop() {
        MessageConsumer receiving = consumer;
        consumer = null;
        if (receiving != null) {
            receiving.stop();
            inHand.await(DRAIN);
        }
    }

    @Override
    public boolean isRunning() {
        return consumer != null;
    }

    @Override
    public int getPhase() {
        return Phases.RECEIVERS;
    }
}
