package io.catga.transport;

import java.time.Instant;

/** Takes a request to one of the instances that handle its type, and brings the answer. Thread-safe. */
public interface RequestTransport {

    /**
     * Sends a request and waits for the answer. The request may reach more than one handler where one does not answer
     * in time; all attempts carry the same message id.
     *
     * @throws io.catga.CatgaException with {@link io.catga.ErrorCode#UNAVAILABLE} as soon as it is clear that nobody
     *     handles it now, and {@link io.catga.ErrorCode#DEADLINE_EXCEEDED} when no answer has come by the deadline
     */
    WireReply request(WireMessage request, Instant deadline);
}
