package io.catga.orders;

import java.util.List;

/** What has happened to some orders, newest first. */
public record OrderHistories(List<OrderHistory> orders) {

    public OrderHistories {
        orders = List.copyOf(orders);
    }
}
