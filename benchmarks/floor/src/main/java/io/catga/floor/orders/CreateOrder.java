package io.catga.floor.orders;

import java.util.List;

/** Asks the order service for a new order; checked by whoever sends it. */
public record CreateOrder(String customerId, List<OrderLine> items) {

    /** What all lines cost together. */
    public Money total() {
        long cents = 0;
        for (OrderLine line : items) {
            cents = Math.addExact(cents, Math.multiplyExact(line.price().cents(), line.quantity()));
        }
        return new Money(cents);
    }
}
