package io.catga.orders;

import io.catga.MessageType;
import io.catga.Query;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Size;
import org.jspecify.annotations.Nullable;

/**
 * Asks for orders, newest first.
 *
 * @param customerId only this customer's; {@code null}: everybody's
 * @param cursor     where the page before ended; {@code null}: from the newest
 */
@MessageType("orders.list-orders")
public record ListOrdersQuery(
        @Nullable @Size(max = OrderLimits.ID_LENGTH) String customerId,
        @Min(1) @Max(OrderLimits.PAGE) int limit,
        @Nullable @Size(max = OrderLimits.ID_LENGTH) String cursor)
        implements Query<OrderPage> {}
