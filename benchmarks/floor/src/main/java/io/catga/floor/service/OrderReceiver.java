package io.catga.floor.service;

import io.catga.floor.cluster.FloorProperties;
import io.catga.floor.cluster.InHand;
import io.catga.floor.cluster.NatsClient;
import io.catga.floor.cluster.Phases;
import io.catga.floor.cluster.UnavailableException;
import io.catga.floor.orders.Wire;
import io.nats.client.Connection;
import io.nats.client.Dispatcher;
import io.nats.client.Message;
import io.nats.client.impl.Headers;
import io.nats.client.impl.NatsMessage;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/** Takes requests in the queue group, each on a virtual thread, and answers as if it were HTTP. */
@Component
final class OrderReceiver implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(OrderReceiver.class);

    private static final Duration DRAIN = Duration.ofSeconds(10);

    private final NatsClient nats;
    private final OrderStore orders;
    private final Clock clock;
    private final String instance;
    private final InHand inHand = new InHand();
    private volatile @Nullable Dispatcher dispatcher;

    OrderReceiver(NatsClient nats, OrderStore orders, Clock clock, FloorProperties properties) {
        this.nats = nats;
        this.orders = orders;
        this.clock = clock;
        this.instance = properties.instance();
    }

    @Override
    public void start() {
        Connection connection = nats.connection();
        Dispatcher receiving = connection.createDispatcher();
        receiving.subscribe(
                Wire.CREATE, Wire.QUEUE_GROUP, message -> inHand.run(() -> answer(connection, message, this::create)));
        receiving.subscribe(
                Wire.GET, Wire.QUEUE_GROUP, message -> inHand.run(() -> answer(connection, message, this::get)));
        dispatcher = receiving;
    }

    private interface Handler {

        /** Adds to the headers, and returns the body. */
        byte[] handle(Message request, Headers headers);
    }

    private void answer(Connection connection, Message request, Handler handler) {
        if (Long.parseLong(request.getHeaders().getFirst(Wire.DEADLINE)) <= clock.millis()) {
            // nobody waits any more
            return;
        }
        Headers headers = new Headers().put(Wire.HANDLED_BY, instance);
        byte[] body;
        try {
            body = handler.handle(request, headers);
        } catch (UnavailableException e) {
            headers.put(Wire.STATUS, "503");
            body = sentence(String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
            LOG.error("[{}] A request ended in a defect", instance, e);
            headers.put(Wire.STATUS, "500");
            body = sentence("The request could not be handled");
        }
        connection.publish(NatsMessage.builder()
                .subject(request.getReplyTo())
                .headers(headers)
                .data(body)
                .build());
    }

    private byte[] create(Message request, Headers headers) {
        String key = Objects.requireNonNull(request.getHeaders().getFirst(Wire.KEY));
        LOG.info("[{}] Handling command: CreateOrder [MessageId={}]", instance, key);
        return switch (orders.create(key, request.getData())) {
            case OrderStore.Outcome.Stored(String orderId, byte[] order, boolean replayed) -> {
                headers.put(Wire.STATUS, "201").put(Wire.ORDER_ID, orderId);
                if (replayed) {
                    headers.put(Wire.REPLAYED, "true");
                }
                yield order;
            }
            case OrderStore.Outcome.Mismatch() -> {
                headers.put(Wire.STATUS, "422");
                yield sentence("The idempotency key was used with another request");
            }
        };
    }

    private byte[] get(Message request, Headers headers) {
        String orderId = new String(request.getData(), StandardCharsets.UTF_8);
        LOG.info("[{}] Handling query: GetOrder [OrderId={}]", instance, orderId);
        byte[] order = orders.find(orderId);
        headers.put(Wire.STATUS, order == null ? "404" : "200");
        return order == null ? sentence("There is no such order") : order;
    }

    private static byte[] sentence(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Takes nothing more, and answers what it has taken. */
    @Override
    public void stop() {
        Dispatcher receiving = dispatcher;
        dispatcher = null;
        if (receiving == null) {
            return;
        }
        try {
            receiving.drain(DRAIN).get(DRAIN.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn("[{}] The subscriptions could not be drained", instance, e);
        }
        inHand.await(DRAIN);
    }

    @Override
    public boolean isRunning() {
        return dispatcher != null;
    }

    @Override
    public int getPhase() {
        return Phases.RECEIVERS;
    }
}
