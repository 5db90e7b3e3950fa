package io.catga.orders;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What has happened to an order. Each time is by the clock of the instance that is named with it.
 *
 * @param changes in the order in which they were made
 * @param unknown what could not be asked just now, {@code notifications} or {@code dead-letters}: what is told of them is
 *                then not all
 */
@JsonPropertyOrder({"orderId", "status", "createdAt", "changes", "unknown"})
public record OrderHistory(
        String orderId, OrderStatus status, Instant createdAt, List<Change> changes, List<String> unknown) {

    /**
     * One change of the order. All but the status is {@code null} where it was made by an older version, or so long ago
     * that it is no more kept.
     *
     * @param status     what the order was then
     * @param messageId  of the command that asked for it; equals the idempotency key where it has one
     * @param traceId    where Jaeger has it
     * @param acceptedBy the instance that took the command from outside
     * @param acceptedAt when that instance sent it on
     * @param attempt    which of that instance's attempts it was that was handled, from 1
     * @param handledBy  the instance that handled it
     * @param storedAt   when that instance gave it to the store, in the same step as the order
     * @param event      the event that tells of it
     */
    @JsonPropertyOrder({
        "status",
        "messageId",
        "traceId",
        "acceptedBy",
        "acceptedAt",
        "attempt",
        "handledBy",
        "storedAt",
        "event"
    })
    public record Change(
            OrderStatus status,
            @Nullable String messageId,
            @Nullable String traceId,
            @Nullable String acceptedBy,
            @Nullable Instant acceptedAt,
            @Nullable Integer attempt,
            @Nullable String handledBy,
            @Nullable Instant storedAt,
            Announcement event) {}

    /**
     * What became of an event. Until an instance has seen it, it waits in the outbox or is on its way.
     *
     * @param type        such as {@code OrderCreatedEvent}
     * @param eventId     {@code null} until somebody has seen it
     * @param publishedAt when the event bus took it; {@code null} until somebody has seen it
     * @param seenBy      the instances of notification-service that have handled it
     * @param deadLetters those that gave it up, and have not handled it since
     */
    @JsonPropertyOrder({"type", "eventId", "publishedAt", "seenBy", "deadLetters"})
    public record Announcement(
            String type,
            @Nullable String eventId,
            @Nullable Instant publishedAt,
            List<Sighting> seenBy,
            List<GivenUp> deadLetters) {

        public Announcement {
            seenBy = List.copyOf(seenBy);
            deadLetters = List.copyOf(deadLetters);
        }
    }

    /**
     * That an instance has handled the event.
     *
     * @param attempt how many times it had been delivered to the instance, from 1; {@code null} where an older version
     *                has handled it
     */
    @JsonPropertyOrder({"instance", "at", "attempt"})
    public record Sighting(
            String instance, Instant at, @Nullable Integer attempt) {}

    /**
     * That a consumer gave the event up. Why is not for everybody, since it may be the text of any exception: it is with
     * the letter, {@code ./dead-letters.sh show ID}.
     *
     * @param id       of the dead letter
     * @param attempts how many there were
     */
    @JsonPropertyOrder({"id", "consumer", "at", "code", "attempts"})
    public record GivenUp(String id, String consumer, Instant at, String code, int attempts) {}

    public OrderHistory {
        changes = List.copyOf(changes);
        unknown = List.copyOf(unknown);
    }
}
