package io.catga.floor.orders;

/** So many pieces of one product, at a price for each. */
public record OrderLine(String productId, int quantity, Money price) {}
