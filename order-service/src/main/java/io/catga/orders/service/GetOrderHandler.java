package io.catga.orders.service;

import io.catga.ErrorCode;
import io.catga.MessageContext;
import io.catga.QueryHandler;
import io.catga.Result;
import io.catga.orders.GetOrderQuery;
import io.catga.orders.Order;
import io.catga.store.UnitOfWork;
import org.springframework.stereotype.Component;

/** Reads one order. */
@Component
final class GetOrderHandler implements QueryHandler<GetOrderQuery, Order> {

    private final Orders orders;
    private final UnitOfWork unitOfWork;

    GetOrderHandler(Orders orders, UnitOfWork unitOfWork) {
        this.orders = orders;
        this.unitOfWork = unitOfWork;
    }

    @Override
    public Result<Order> handle(GetOrderQuery query, MessageContext context) {
        return orders.find(query.orderId(), unitOfWork.deadline(context))
                .map(Result::success)
                .orElseGet(() -> Result.failure(ErrorCode.NOT_FOUND, "There is no order " + query.orderId()));
    }
}
