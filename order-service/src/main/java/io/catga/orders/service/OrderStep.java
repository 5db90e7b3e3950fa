package io.catga.orders.service;

import io.catga.orders.OrderStatus;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** One change of an order as it is stored; {@link io.catga.orders.OrderHistory.Change} says what is what. */
record OrderStep(
        OrderStatus status,
        String messageId,
        @Nullable String traceId,
        @Nullable String acceptedBy,
        @Nullable Instant acceptedAt,
        int attempt,
        String handledBy,
        Instant storedAt) {}
