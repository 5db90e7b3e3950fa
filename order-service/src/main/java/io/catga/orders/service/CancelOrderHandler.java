package io.catga.orders.service;

import io.catga.CommandHandler;
import io.catga.ErrorCode;
import io.catga.MessageContext;
import io.catga.Result;
import io.catga.orders.CancelOrderCommand;
import io.catga.orders.Order;
import io.catga.orders.OrderCancelledEvent;
import io.catga.orders.OrderStatus;
import io.catga.store.UnitOfWork;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.springframework.stereotype.Component;

/** Cancels an order. One that is cancelled already is the answer as it is, so cancelling twice ends the same. */
@Component
final class CancelOrderHandler implements CommandHandler<CancelOrderCommand, Order> {

    /** How often somebody else may change the order between reading and writing it. */
    private static final int ATTEMPTS = 5;

    private final Orders orders;
    private final OrderTrail trail;
    private final UnitOfWork unitOfWork;
    private final Clock clock;

    CancelOrderHandler(Orders orders, OrderTrail trail, UnitOfWork unitOfWork, Clock clock) {
        this.orders = orders;
        this.trail = trail;
        this.unitOfWork = unitOfWork;
        this.clock = clock;
    }

    @Override
    public Result<Order> handle(CancelOrderCommand command, MessageContext context) {
        for (int attempt = 1; ; attempt++) {
            Result<Order> result = cancel(command.orderId(), context);
            boolean overtaken =
                    result instanceof Result.Failure<Order>(var error) && error.code() == ErrorCode.CONFLICT;
            if (!overtaken || attempt == ATTEMPTS) {
                return result;
            }
        }
    }

    private Result<Order> cancel(String orderId, MessageContext context) {
        Optional<Order> found = orders.find(orderId, unitOfWork.deadline(context));
        if (found.isEmpty()) {
            return Result.failure(ErrorCode.NOT_FOUND, "There is no order " + orderId);
        }
        Order before = found.get();
        if (before.status() == OrderStatus.CANCELLED) {
            return Result.success(before);
        }
        Order after = before.cancelled();
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        return unitOfWork.commit(
                context,
                after,
                step -> trail.note(orders.replace(step, before, after), orderId, after.status(), context, now),
                List.of(new OrderCancelledEvent(orderId, after.customerId(), now)));
    }
}
