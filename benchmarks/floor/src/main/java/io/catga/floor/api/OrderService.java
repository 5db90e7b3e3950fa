package io.catga.floor.api;

import io.catga.floor.orders.CreateOrder;

/** The order service as the HTTP application sees it. */
interface OrderService {

    /**
     * What it has answered.
     *
     * @param status    as in HTTP
     * @param body      JSON for a success, and a sentence otherwise
     * @param orderId   of a new order; empty otherwise
     * @param handledBy the instance that has answered
     * @param replayed  whether the answer was recorded before
     */
    record Answer(int status, byte[] body, String orderId, String handledBy, boolean replayed) {}

    /**
     * @throws ProblemException where nobody answers in time
     */
    Answer create(CreateOrder order, String idempotencyKey);

    /**
     * @throws ProblemException where nobody answers in time
     */
    Answer get(String orderId);
}
