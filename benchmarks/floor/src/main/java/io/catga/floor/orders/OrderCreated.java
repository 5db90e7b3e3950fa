package io.catga.floor.orders;

import java.time.Instant;

/** The event that an order was placed, and is stored. */
public record OrderCreated(String orderId, String customerId, Money totalAmount, Instant createdAt) {}
