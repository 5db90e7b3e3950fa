package io.catga.orders;

import io.catga.BusinessKey;
import io.catga.Event;
import io.catga.MessageType;
import java.time.Instant;

/** An order was placed, and is stored. */
@MessageType("orders.order-created")
public record OrderCreatedEvent(@BusinessKey String orderId, String customerId, Money totalAmount, Instant createdAt)
        implements Event {}
