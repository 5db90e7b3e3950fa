package io.catga.orders;

import io.catga.BusinessKey;
import io.catga.MessageType;
import io.catga.Query;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Size;

/** Asks for one order. */
@MessageType("orders.get-order")
public record GetOrderQuery(
        @BusinessKey @NotBlank @Size(max = OrderLimits.ID_LENGTH)
        String orderId) implements Query<Order> {}
