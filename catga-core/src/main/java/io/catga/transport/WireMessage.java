package io.catga.transport;

import java.util.Map;
import java.util.Objects;

/**
 * A message as a transport sees it.
 *
 * @param type      the name of its type, from {@link io.catga.MessageType}; decides where it goes
 * @param messageId the same for every attempt to deliver it; what transports deduplicate by
 * @param headers   everything else that is known about it; names and values are visible ASCII or spaces
 * @param payload   the content; not copied, and not to be changed
 */
public record WireMessage(String type, String messageId, Map<String, String> headers, byte[] payload) {

    /** Keeps a copy of the headers, and the payload as it is. */
    public WireMessage {
        Objects.requireNonNull(type, "type");
        Objects.requireNonNull(messageId, "messageId");
        headers = Map.copyOf(headers);
        Objects.requireNonNull(payload, "payload");
    }
}
