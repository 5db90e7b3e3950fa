package io.catga.notifications;

import io.catga.EventHandler;
import io.catga.MessageContext;
import io.catga.Result;
import io.catga.Unit;
import io.catga.orders.OrderCreatedEvent;
import org.springframework.stereotype.Component;

/** Notifies about a placed order. */
@Component
final class OrderCreatedHandler implements EventHandler<OrderCreatedEvent> {

    private final Notifications notifications;

    OrderCreatedHandler(Notifications notifications) {
        this.notifications = notifications;
    }

    @Override
    public Result<Unit> handle(OrderCreatedEvent event, MessageContext context) {
        return notifications.received(event.orderId(), context);
    }
}
