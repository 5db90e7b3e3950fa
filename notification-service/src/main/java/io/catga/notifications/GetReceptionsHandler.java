package io.catga.notifications;

import io.catga.MessageContext;
import io.catga.QueryHandler;
import io.catga.Result;
import io.catga.orders.GetReceptionsQuery;
import io.catga.orders.Receptions;
import io.catga.orders.Receptions.Reception;
import org.springframework.stereotype.Component;

/** Tells which instances have received which events about an order. */
@Component
final class GetReceptionsHandler implements QueryHandler<GetReceptionsQuery, Receptions> {

    private final Notifications notifications;

    GetReceptionsHandler(Notifications notifications) {
        this.notifications = notifications;
    }

    @Override
    public Result<Receptions> handle(GetReceptionsQuery query, MessageContext context) {
        return Result.success(new Receptions(notifications.about(query.orderId()).stream()
                .map(one -> new Reception(
                        one.eventId(), one.type(), one.instance(), one.receivedAt(), one.publishedAt(), one.attempt()))
                .toList()));
    }
}
