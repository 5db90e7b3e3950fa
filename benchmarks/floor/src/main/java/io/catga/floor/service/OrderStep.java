package io.catga.floor.service;

import io.catga.floor.cluster.Script;
import java.time.Duration;
import java.util.List;

/**
 * The one atomic step that stores an order.
 *
 * @param prefix      of every key
 * @param key         the idempotency key
 * @param fingerprint 32 bytes by which another request with the same key is known
 * @param orderId     36 characters
 * @param customerId  whose order it is
 * @param order       as JSON
 * @param event       as JSON
 * @param lifetime    of the idempotency record
 */
public record OrderStep(
        String prefix,
        String key,
        byte[] fingerprint,
        String orderId,
        String customerId,
        byte[] order,
        byte[] event,
        Duration lifetime) {

    public static final Script SCRIPT = Script.beside(OrderStep.class, "create-order.lua");

    /** What the script is called with. */
    public Script.Call call() {
        return Script.Call.of(
                List.of(
                        prefix + "request:" + key,
                        prefix + "order:" + orderId,
                        prefix + "orders",
                        prefix + "orders-of:" + customerId,
                        prefix + "outbox"),
                List.of(fingerprint, orderId, order, lifetime.toMillis(), orderId + "-created", event));
    }
}
