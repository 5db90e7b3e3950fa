package io.catga.orders.service;

import io.catga.MessageContext;
import io.catga.QueryHandler;
import io.catga.Result;
import io.catga.orders.ListOrdersQuery;
import io.catga.orders.OrderPage;
import io.catga.store.UnitOfWork;
import org.springframework.stereotype.Component;

/** Lists orders, newest first. */
@Component
final class ListOrdersHandler implements QueryHandler<ListOrdersQuery, OrderPage> {

    private final Orders orders;
    private final UnitOfWork unitOfWork;

    ListOrdersHandler(Orders orders, UnitOfWork unitOfWork) {
        this.orders = orders;
        this.unitOfWork = unitOfWork;
    }

    @Override
    public Result<OrderPage> handle(ListOrdersQuery query, MessageContext context) {
        return Result.success(
                orders.page(query.customerId(), query.limit(), query.cursor(), unitOfWork.deadline(context)));
    }
}
