package io.catga.transport;

import java.util.Map;
import java.util.Objects;

/**
 * The answer to a request as a transport sees it; a failure of the handler is an answer like any other.
 *
 * @param headers what is known about it
 * @param payload the content; not copied, and not to be changed
 */
public record WireReply(Map<String, String> headers, byte[] payload) {

    /** Keeps a copy of the headers, and the payload as it is. */
    public WireReply {
        headers = Map.copyOf(headers);
        Objects.requireNonNull(payload, "payload");
    }
}
