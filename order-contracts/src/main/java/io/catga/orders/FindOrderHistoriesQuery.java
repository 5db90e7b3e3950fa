package io.catga.orders;

import io.catga.MessageOptions;
import io.catga.MessageType;
import io.catga.Query;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Size;

/**
 * Asks what has happened to the orders that somebody has only some id of.
 *
 * @param id the id of an order, of a message that changed one (which is its idempotency key, where it has one), or of the
 *           trace of such a message
 */
@MessageType("orders.find-order-histories")
public record FindOrderHistoriesQuery(
        @NotBlank @Size(max = MessageOptions.MAX_KEY_LENGTH) String id) implements Query<OrderHistories> {}
