package io.catga;

import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What is known about a message beside its content. It travels with the message, over every transport.
 *
 * @param messageId      the same for every attempt to deliver the message; equals the idempotency key where there is
 *                       one, else a UUIDv7 (RFC 9562)
 * @param correlationId  the id of the message that everything began with
 * @param causationId    the id of the message whose handling caused this one; absent on the first
 * @param idempotencyKey what the sender considers the same intention: a second message of the type with this key gets
 *                       the recorded result of the first
 * @param deadline       the instant after which nobody is waiting for the answer any more; for an event the instant
 *                       until which its sender waits for the bus, which does not travel
 * @param headers        further headers, among them the trace context
 */
public record MessageMetadata(
        String messageId,
        String correlationId,
        @Nullable String causationId,
        @Nullable String idempotencyKey,
        @Nullable Instant deadline,
        Map<String, String> headers) {

    /** Keeps a copy of the headers. */
    public MessageMetadata {
        Objects.requireNonNull(messageId, "messageId");
        Objects.requireNonNull(correlationId, "correlationId");
        headers = Map.copyOf(headers);
    }

    MessageMetadata withoutDeadline() {
        return new MessageMetadata(messageId, correlationId, causationId, idempotencyKey, null, headers);
    }
}
