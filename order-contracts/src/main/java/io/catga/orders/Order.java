package io.catga.orders;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.time.Instant;
import java.util.List;

/** An order as everybody outside order-service sees it. */
@JsonPropertyOrder({"orderId", "customerId", "items", "totalAmount", "status", "createdAt"})
public record Order(
        String orderId,
        String customerId,
        List<OrderLine> items,
        Money totalAmount,
        OrderStatus status,
        Instant createdAt) {

    public Order {
        items = List.copyOf(items);
    }

    public Order cancelled() {
        return new Order(orderId, customerId, items, totalAmount, OrderStatus.CANCELLED, createdAt);
    }
}
