package io.catga.floor.orders;

/** The names on the wire: subjects and headers of NATS. */
public final class Wire {

    public static final String CREATE = "floor.orders.create";
    public static final String GET = "floor.orders.get";
    public static final String QUEUE_GROUP = "floor-order-service";

    public static final String EVENT_STREAM = "FLOOR_EVENTS";
    public static final String CREATED_EVENT = "floor.events.order-created";

    /** Of a request: its idempotency key, the same for all attempts. */
    public static final String KEY = "Idempotency-Key";
    /** Of a request: until when somebody waits, in milliseconds since 1970. */
    public static final String DEADLINE = "Deadline";
    /** Of an answer: what it would be in HTTP. The body is JSON for a success, and a sentence otherwise. */
    public static final String STATUS = "Status";
    /** Of an answer with status 201: which order it is. */
    public static final String ORDER_ID = "Order-Id";
    /** Of an answer: the instance that gives it. */
    public static final String HANDLED_BY = "Handled-By";
    /** Of an answer: that it is a recorded one. */
    public static final String REPLAYED = "Replayed";

    private Wire() {}
}
