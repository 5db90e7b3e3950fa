package io.catga.orders;

import io.catga.BusinessKey;
import io.catga.Command;
import io.catga.MessageType;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Size;

/** Cancels an order; one that is cancelled already stays as it is. */
@MessageType("orders.cancel-order")
public record CancelOrderCommand(
        @BusinessKey @NotBlank @Size(max = OrderLimits.ID_LENGTH)
        String orderId) implements Command<Order> {}
