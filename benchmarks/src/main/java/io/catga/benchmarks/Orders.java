package io.catga.benchmarks;

import io.catga.CommandHandler;
import io.catga.MessageContext;
import io.catga.Result;
import io.catga.orders.CreateOrderCommand;
import io.catga.orders.Money;
import io.catga.orders.Order;
import io.catga.orders.OrderLine;
import io.catga.orders.OrderStatus;
import java.time.Instant;
import java.util.List;

/** A typical order: three products. */
final class Orders {

    private Orders() {}

    static CreateOrderCommand command() {
        return new CreateOrderCommand(
                "customer-4711",
                List.of(
                        new OrderLine("keyboard-de", 1, new Money(89_90)),
                        new OrderLine("mouse-pad", 2, new Money(12_50)),
                        new OrderLine("usb-c-cable-2m", 3, new Money(9_99))));
    }

    static Order order() {
        CreateOrderCommand command = command();
        return new Order(
                "0199a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b",
                command.customerId(),
                command.items(),
                command.items().stream().map(OrderLine::amount).reduce(new Money(0), Money::plus),
                OrderStatus.CREATED,
                Instant.parse("2026-11-24T12:00:00.123456Z"));
    }

    /** Answers with the same order, whatever was ordered. */
    static final class Handler implements CommandHandler<CreateOrderCommand, Order> {

        private final Order order = order();

        @Override
        public Result<Order> handle(CreateOrderCommand command, MessageContext context) {
            return Result.success(order);
        }
    }
}
