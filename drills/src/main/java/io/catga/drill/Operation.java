package io.catga.drill;

import org.jspecify.annotations.Nullable;

/**
 * One request of the load and what became of it.
 *
 * @param key       names the order in the store, too; unique
 * @param keySent   whether it was sent as {@code Idempotency-Key}; otherwise the load balancer has made one
 * @param customer  whose order it is
 * @param start     microseconds since the beginning of the run
 * @param end       likewise
 * @param status    of the answer; 0 where there was none
 * @param detail    the code of a failure, or what broke; empty for a success
 * @param orderId   of an acknowledged order
 * @param servedBy  the instance of order-api; empty if unknown
 * @param handledBy the instance of order-service; empty if unknown
 */
record Operation(
        String key,
        boolean keySent,
        String customer,
        long start,
        long end,
        Outcome outcome,
        int status,
        String detail,
        @Nullable String orderId,
        String servedBy,
        String handledBy) {

    boolean isAcknowledged() {
        return outcome == Outcome.ACKNOWLEDGED;
    }

    /** In microseconds. */
    long took() {
        return end - start;
    }
}
