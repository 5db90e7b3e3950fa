package io.catga.orders.service;

import io.catga.ErrorCode;
import io.catga.MessageContext;
import io.catga.QueryHandler;
import io.catga.Result;
import io.catga.orders.GetOrderHistoryQuery;
import io.catga.orders.OrderHistory;
import io.catga.store.UnitOfWork;
import org.springframework.stereotype.Component;

/** Tells what has happened to an order. */
@Component
final class GetOrderHistoryHandler implements QueryHandler<GetOrderHistoryQuery, OrderHistory> {

    private final Histories histories;
    private final UnitOfWork unitOfWork;

    GetOrderHistoryHandler(Histories histories, UnitOfWork unitOfWork) {
        this.histories = histories;
        this.unitOfWork = unitOfWork;
    }

    @Override
    public Result<OrderHistory> handle(GetOrderHistoryQuery query, MessageContext context) {
        return histories
                .of(query.orderId(), unitOfWork.deadline(context))
                .map(Result::success)
                .orElseGet(() -> Result.failure(ErrorCode.NOT_FOUND, "There is no order " + query.orderId()));
    }
}
