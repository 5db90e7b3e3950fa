package io.catga.orders;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Some orders, newest first.
 *
 * @param nextCursor asks for the orders after these; {@code null} on the last page
 */
@JsonPropertyOrder({"orders", "nextCursor"})
public record OrderPage(List<Order> orders, @Nullable String nextCursor) {

    public OrderPage {
        orders = List.copyOf(orders);
    }
}
