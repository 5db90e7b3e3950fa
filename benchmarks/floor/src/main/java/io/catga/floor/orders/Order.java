package io.catga.floor.orders;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.time.Instant;
import java.util.List;

/** An order as it is stored and as everybody sees it. */
@JsonPropertyOrder({"orderId", "customerId", "items", "totalAmount", "status", "createdAt"})
public record Order(
        String orderId,
        String customerId,
        List<OrderLine> items,
        Money totalAmount,
        String status,
        Instant createdAt) {}
