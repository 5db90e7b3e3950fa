package io.catga.orders;

import io.catga.BusinessKey;
import io.catga.MessageType;
import io.catga.Query;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Size;

/** Asks what has happened to one order. */
@MessageType("orders.get-order-history")
public record GetOrderHistoryQuery(
        @BusinessKey @NotBlank @Size(max = OrderLimits.ID_LENGTH)
        String orderId) implements Query<OrderHistory> {}
