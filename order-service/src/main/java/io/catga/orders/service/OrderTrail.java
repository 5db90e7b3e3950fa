package io.catga.orders.service;

import io.catga.MessageContext;
import io.catga.codec.MessageCodec;
import io.catga.orders.OrderStatus;
import io.catga.store.AtomicStep;
import io.catga.store.StateStore;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.springframework.stereotype.Component;

/**
 * What is kept about how orders came to be what they are. It is written in the step that changes the order, so it is true
 * whatever fails, and costs no round trip.
 *
 * <p>Each change has a value of its own beside the order, not inside it: whoever changes an order expects the bytes that
 * were there, so an instance of an older version could not cancel an order that has a part which it does not know. An
 * order has each status at most once, so the changes need no list that had to be read before it is added to.
 */
@Component
final class OrderTrail {

    /** As long as notifications, and the events themselves, are kept. The order stays. */
    private static final Duration LIFETIME = Duration.ofDays(7);
    /** The newest of a trace. A client may keep one for all that it ever does, and nobody reads more than a few. */
    private static final int PER_TRACE = 100;

    private final StateStore store;
    private final MessageCodec codec;

    OrderTrail(StateStore store, MessageCodec codec) {
        this.store = store;
        this.codec = codec;
    }

    /** Adds to the step that gives an order a status who wants it and who does it, and by which ids it can be found. */
    AtomicStep note(AtomicStep step, String orderId, OrderStatus status, MessageContext context, Instant now) {
        OrderStep change = new OrderStep(
                status,
                context.messageId(),
                context.traceId().orElse(null),
                context.sentBy().orElse(null),
                context.sentAt().orElse(null),
                context.attempt(),
                context.handledBy().orElse("unknown"),
                now);
        AtomicStep noted = step.put(key(orderId, status), codec.encode(change), LIFETIME)
                .put(ofMessage(change.messageId(), status), orderId.getBytes(StandardCharsets.UTF_8), LIFETIME);
        return change.traceId() == null
                ? noted
                : noted.addToIndex(ofTrace(change.traceId()), orderId, LIFETIME, PER_TRACE);
    }

    /** The changes of an order that are known, in the order in which they can be made. */
    List<OrderStep> of(String orderId, Instant deadline) {
        return ofEachStatus(status -> key(orderId, status), deadline)
                .map(stored -> codec.<OrderStep>decode(stored, OrderStep.class))
                .toList();
    }

    /**
     * The ids of the orders that a message, or the messages of a trace, have changed.
     *
     * @param limit at most so many of a trace, the newest
     */
    Set<String> changedBy(String id, int limit, Instant deadline) {
        Set<String> orders = new HashSet<>(store.greatest(ofTrace(id), null, limit, deadline));
        ofEachStatus(status -> ofMessage(id, status), deadline)
                .forEach(stored -> orders.add(new String(stored, StandardCharsets.UTF_8)));
        return orders;
    }

    private Stream<byte[]> ofEachStatus(Function<OrderStatus, String> key, Instant deadline) {
        return store.getAll(Arrays.stream(OrderStatus.values()).map(key).toList(), deadline).stream()
                .flatMap(Optional::stream);
    }

    private static String key(String orderId, OrderStatus status) {
        return "order-change:" + orderId + ':' + status;
    }

    /** A message changes one order. With the status, since a key of a client's is unique for each type of command only. */
    private static String ofMessage(String messageId, OrderStatus status) {
        return "order-of-message:" + status + ':' + messageId;
    }

    private static String ofTrace(String traceId) {
        return "orders-of-trace:" + traceId;
    }
}
