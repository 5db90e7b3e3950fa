package io.catga.orders.service;

import io.catga.ErrorCode;
import io.catga.MessageContext;
import io.catga.QueryHandler;
import io.catga.Result;
import io.catga.orders.FindOrderHistoriesQuery;
import io.catga.orders.OrderHistories;
import io.catga.orders.OrderHistory;
import io.catga.store.UnitOfWork;
import java.util.List;
import org.springframework.stereotype.Component;

/** Tells what has happened to the orders that have something to do with an id. */
@Component
final class FindOrderHistoriesHandler implements QueryHandler<FindOrderHistoriesQuery, OrderHistories> {

    /** A message changes one order; a client's own trace may have any number. */
    private static final int MOST = 10;

    private final Histories histories;
    private final UnitOfWork unitOfWork;

    FindOrderHistoriesHandler(Histories histories, UnitOfWork unitOfWork) {
        this.histories = histories;
        this.unitOfWork = unitOfWork;
    }

    @Override
    public Result<OrderHistories> handle(FindOrderHistoriesQuery query, MessageContext context) {
        List<OrderHistory> found = histories.find(query.id(), MOST, unitOfWork.deadline(context));
        return found.isEmpty()
                ? Result.failure(
                        ErrorCode.NOT_FOUND,
                        "No order has this id, and no message or trace with it has changed one: " + query.id())
                : Result.success(new OrderHistories(found));
    }
}
