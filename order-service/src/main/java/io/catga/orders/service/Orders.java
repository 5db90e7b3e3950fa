package io.catga.orders.service;

import io.catga.codec.MessageCodec;
import io.catga.orders.Order;
import io.catga.orders.OrderPage;
import io.catga.store.AtomicStep;
import io.catga.store.StateStore;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Where orders are kept: each under its id, the ids in one index over all and one for each customer. Ids are UUIDv7, so
 * the order of an index is the order of time.
 */
@Component
final class Orders {

    private static final String ALL = "orders";
    /** A hundred orders with ten lines each. What a page takes is taken by each who asks for one at the same time. */
    private static final int PAGE_BYTES = 128 * 1024;
    /** What is read at once. It is more than most pages, and little enough to read in vain. */
    private static final int PORTION = 25;

    private final StateStore store;
    private final MessageCodec codec;

    Orders(StateStore store, MessageCodec codec) {
        this.store = store;
        this.codec = codec;
    }

    /** Adds a new order to a step. */
    AtomicStep add(AtomicStep step, Order order) {
        return step.expecting(key(order.orderId()), null)
                .put(key(order.orderId()), codec.encode(order))
                .addToIndex(ALL, order.orderId())
                .addToIndex(customer(order.customerId()), order.orderId());
    }

    /** Puts an order in the place of what it was, unless somebody else has changed it. */
    AtomicStep replace(AtomicStep step, Order before, Order after) {
        return step.expecting(key(before.orderId()), codec.encode(before))
                .put(key(before.orderId()), codec.encode(after));
    }

    Optional<Order> find(String orderId, Instant deadline) {
        return store.get(key(orderId), deadline).map(this::decode);
    }

    /** Of large orders it has fewer than were asked for: a hundred of the largest fit into no message. */
    OrderPage page(@Nullable String customerId, int limit, @Nullable String cursor, Instant deadline) {
        String index = customerId == null ? ALL : customer(customerId);
        List<String> ids = store.greatest(index, cursor, limit + 1, deadline);
        int last = Math.min(limit, ids.size());
        List<Order> orders = new ArrayList<>();
        int read = 0;
        long bytes = 0;
        while (read < last && bytes < PAGE_BYTES) {
            List<String> portion = ids.subList(read, Math.min(read + PORTION, last));
            for (Optional<byte[]> stored :
                    store.getAll(portion.stream().map(Orders::key).toList(), deadline)) {
                if (bytes >= PAGE_BYTES) {
                    break;
                }
                read++;
                bytes += stored.map(order -> order.length).orElse(0);
                stored.map(this::decode).ifPresent(orders::add);
            }
        }
        return new OrderPage(orders, read < ids.size() ? ids.get(read - 1) : null);
    }

    private Order decode(byte[] stored) {
        return codec.decode(stored, Order.class);
    }

    private static String key(String orderId) {
        return "order:" + orderId;
    }

    private static String customer(String customerId) {
        return "orders-of:" + customerId;
    }
}
