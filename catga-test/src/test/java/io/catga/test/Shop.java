package io.catga.test;

import io.catga.Command;
import io.catga.CommandHandler;
import io.catga.ErrorCode;
import io.catga.Event;
import io.catga.EventHandler;
import io.catga.Mediator;
import io.catga.MessageCatalog;
import io.catga.MessageContext;
import io.catga.MessageType;
import io.catga.Query;
import io.catga.QueryHandler;
import io.catga.Result;
import io.catga.Unit;
import io.catga.store.UnitOfWork;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BiFunction;

/** An application as a user of the harness would have it: an order is placed, and the customer is told. */
final class Shop {

    static final MessageCatalog CATALOG =
            MessageCatalog.of(PlaceOrder.class, IsPlaced.class, OrderPlaced.class, CustomerTold.class);

    private Shop() {}

    @MessageType("shop.place-order")
    record PlaceOrder(String order) implements Command<String> {}

    @MessageType("shop.is-placed")
    record IsPlaced(String order) implements Query<Boolean> {}

    @MessageType("shop.order-placed")
    record OrderPlaced(String order) implements Event {}

    @MessageType("shop.customer-told")
    record CustomerTold(String order) implements Event {}

    /** Places an order that does not exist yet, and remembers what it was called with. */
    record Placing(UnitOfWork unitOfWork, Queue<String> calls) implements CommandHandler<PlaceOrder, String> {

        Placing(UnitOfWork unitOfWork) {
            this(unitOfWork, new ConcurrentLinkedQueue<>());
        }

        @Override
        public Result<String> handle(PlaceOrder command, MessageContext context) {
            calls.add(command.order());
            if (command.order().isEmpty()) {
                return Result.failure(ErrorCode.VALIDATION, "an order has a name");
            }
            return unitOfWork.commit(
                    context,
                    "placed " + command.order(),
                    step -> step.put("order:" + command.order(), command.order().getBytes(StandardCharsets.UTF_8)),
                    List.of(new OrderPlaced(command.order())));
        }
    }

    /** Publishes in turn, and so needs the mediator that it is a part of. */
    record Telling(Mediator mediator) implements EventHandler<OrderPlaced> {

        @Override
        public Result<Unit> handle(OrderPlaced event, MessageContext context) {
            return mediator.publish(new CustomerTold(event.order()));
        }
    }

    record Asking(BiFunction<IsPlaced, MessageContext, Result<Boolean>> answer)
            implements QueryHandler<IsPlaced, Boolean> {

        @Override
        public Result<Boolean> handle(IsPlaced query, MessageContext context) {
            return answer.apply(query, context);
        }
    }

    record Reacting(BiFunction<OrderPlaced, MessageContext, Result<Unit>> reaction)
            implements EventHandler<OrderPlaced> {

        @Override
        public Result<Unit> handle(OrderPlaced event, MessageContext context) {
            return reaction.apply(event, context);
        }
    }
}
