package io.catga.orders;

import io.catga.BusinessKey;
import io.catga.Event;
import io.catga.MessageType;
import java.time.Instant;

/** An order was cancelled. */
@MessageType("orders.order-cancelled")
public record OrderCancelledEvent(@BusinessKey String orderId, String customerId, Instant cancelledAt)
        implements Event {}
