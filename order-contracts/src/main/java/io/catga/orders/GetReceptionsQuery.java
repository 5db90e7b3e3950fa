package io.catga.orders;

import io.catga.BusinessKey;
import io.catga.MessageType;
import io.catga.Query;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Size;

/** Asks notification-service which of its instances have received which events about an order. */
@MessageType("notifications.get-receptions")
public record GetReceptionsQuery(
        @BusinessKey @NotBlank @Size(max = OrderLimits.ID_LENGTH)
        String orderId) implements Query<Receptions> {}
