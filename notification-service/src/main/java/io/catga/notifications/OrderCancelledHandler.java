package io.catga.notifications;

import io.catga.EventHandler;
import io.catga.MessageContext;
import io.catga.Result;
import io.catga.Unit;
import io.catga.orders.OrderCancelledEvent;
import org.springframework.stereotype.Component;

/** Notifies about a cancelled order. */
@Component
final class OrderCancelledHandler implements EventHandler<OrderCancelledEvent> {

    private final Notifications notifications;

    OrderCancelledHandler(Notifications notifications) {
        this.notifications = notifications;
    }

    @Override
    public Result<Unit> handle(OrderCancelledEvent event, MessageContext context) {
        return notifications.received(event.orderId(), context);
    }
}
