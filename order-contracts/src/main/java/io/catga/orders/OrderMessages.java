package io.catga.orders;

import io.catga.MessageCatalog;

/** Every message of the order system. */
public final class OrderMessages {

    public static final MessageCatalog CATALOG = MessageCatalog.of(
            CreateOrderCommand.class,
            CancelOrderCommand.class,
            GetOrderQuery.class,
            ListOrdersQuery.class,
            GetOrderHistoryQuery.class,
            FindOrderHistoriesQuery.class,
            GetReceptionsQuery.class,
            OrderCreatedEvent.class,
            OrderCancelledEvent.class);

    private OrderMessages() {}
}
