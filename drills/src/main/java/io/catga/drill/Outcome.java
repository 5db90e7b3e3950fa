package io.catga.drill;

/** What a client knows about its request afterwards. */
enum Outcome {
    /** Answered with 201. */
    ACKNOWLEDGED,
    /** Answered with a failure that says that nothing was done. */
    REFUSED,
    /**
     * A time-out, a broken connection, or an answer that leaves open whether the order was made: 429 and 5xx. Failed for
     * whoever counts answers; for whoever looks for orders, either is right.
     */
    UNKNOWN
}
