package io.catga.orders.service;

import com.github.f4b6a3.uuid.UuidCreator;
import io.catga.CommandHandler;
import io.catga.MessageContext;
import io.catga.Result;
import io.catga.orders.CreateOrderCommand;
import io.catga.orders.Money;
import io.catga.orders.Order;
import io.catga.orders.OrderCreatedEvent;
import io.catga.orders.OrderLine;
import io.catga.orders.OrderStatus;
import io.catga.store.UnitOfWork;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.springframework.stereotype.Component;

/**
 * Makes an order. It is made up in full before the store is asked, and only one of several attempts with the same key
 * is kept; the others are answered with the order that was.
 */
@Component
final class CreateOrderHandler implements CommandHandler<CreateOrderCommand, Order> {

    private final Orders orders;
    private final OrderTrail trail;
    private final UnitOfWork unitOfWork;
    private final Clock clock;

    CreateOrderHandler(Orders orders, OrderTrail trail, UnitOfWork unitOfWork, Clock clock) {
        this.orders = orders;
        this.trail = trail;
        this.unitOfWork = unitOfWork;
        this.clock = clock;
    }

    @Override
    public Result<Order> handle(CreateOrderCommand command, MessageContext context) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        Money total = command.items().stream().map(OrderLine::amount).reduce(new Money(0), Money::plus);
        Order order = new Order(
                UuidCreator.getTimeOrderedEpochPlus1().toString(),
                command.customerId(),
                command.items(),
                total,
                OrderStatus.CREATED,
                now);
        return unitOfWork.commit(
                context,
                order,
                step -> trail.note(orders.add(step, order), order.orderId(), order.status(), context, now),
                List.of(new OrderCreatedEvent(order.orderId(), order.customerId(), total, now)));
    }
}
