package io.catga.transport;

import io.catga.ErrorCode;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * An event that a consumer gave up.
 *
 * @param id       its place among the dead letters, which no other ever has; a new one each time the event is given up
 * @param consumer who gave it up, and alone gets it again
 * @param instance the process that gave it up; the same as the consumer wherever each instance is a consumer of its own
 * @param event    the event as it was published, with its own id, headers and payload, and the time at which the bus took
 *                 it ({@link TransportHeaders#PUBLISHED_AT})
 * @param code     what kind of failure the last attempt ended in
 * @param cause    why, for a person to read
 * @param attempts how many there were, from 1
 * @param time     when it was given up, by the clock of the instance
 */
public record DeadLetter(
        String id,
        String consumer,
        String instance,
        WireMessage event,
        ErrorCode code,
        String cause,
        int attempts,
        Instant time) {

    /** Refuses {@code null} in any part: a letter that does not say what, who and why cannot be worked with. */
    public DeadLetter {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(consumer, "consumer");
        Objects.requireNonNull(instance, "instance");
        Objects.requireNonNull(event, "event");
        Objects.requireNonNull(code, "code");
        Objects.requireNonNull(cause, "cause");
        Objects.requireNonNull(time, "time");
    }

    /** The id of the message whose handling caused the event; empty where none did. */
    public Optional<String> causationId() {
        return Optional.ofNullable(event.headers().get(TransportHeaders.CAUSATION_ID));
    }

    /** The trace that has the publishing and every attempt; empty where the event was published outside of any. */
    public Optional<String> traceId() {
        return TraceContext.traceId(event.headers());
    }
}
