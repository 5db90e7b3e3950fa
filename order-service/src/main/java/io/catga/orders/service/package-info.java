/**
 * Handles the commands and queries of the order system and keeps the orders. The handlers know neither NATS nor Redis:
 * messages come from the mediator, state goes through {@link io.catga.store.UnitOfWork}. Start reading at
 * {@code CreateOrderHandler}.
 */
@NullMarked
package io.catga.orders.service;

import org.jspecify.annotations.NullMarked;
