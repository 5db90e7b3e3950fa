package io.catga.orders;

/** Where an order stands. */
public enum OrderStatus {
    CREATED,
    CANCELLED
}
