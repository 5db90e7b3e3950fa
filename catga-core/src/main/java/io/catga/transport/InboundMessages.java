package io.catga.transport;

import io.catga.CatgaError;
import java.util.Set;

/** What a receiver hands the messages of a transport to; implemented by the mediator. Thread-safe. */
public interface InboundMessages {

    /** The names of the request types with a handler in this process. */
    Set<String> requestTypes();

    /** The names of the event types with a handler in this process. */
    Set<String> eventTypes();

    /** Handles a request. Never throws: whatever goes wrong is in the reply. */
    WireReply onRequest(WireMessage request);

    /**
     * Refuses a request without looking at it, because the instance has no room for it just now.
     *
     * @return the reply to send, with {@link io.catga.ErrorCode#OVERLOADED}
     */
    WireReply refuse(WireMessage request);

    /**
     * Answers a request that cannot be handled, or whose answer cannot be sent, for a reason that only the transport
     * knows.
     *
     * @return the reply to send, with the error
     */
    WireReply reject(WireMessage request, CatgaError error);

    /**
     * Handles an event. Never throws.
     *
     * @param attempt     how many times the event has been delivered to this consumer, from 1
     * @param lastAttempt whether the consumer would not deliver it another time
     */
    Delivery onEvent(WireMessage event, int attempt, boolean lastAttempt);
}
