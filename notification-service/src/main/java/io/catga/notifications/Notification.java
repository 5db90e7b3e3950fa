package io.catga.notifications;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * That one instance has received one event.
 *
 * @param type        the label of the event, such as {@code OrderCreatedEvent}
 * @param publishedAt when the event bus took it; {@code null} where it does not say, or an older version has kept this
 * @param attempt     how many times it had been delivered to the instance, from 1; {@code null} where an older version has
 *                    kept this
 */
@JsonPropertyOrder({"eventId", "type", "orderId", "instance", "receivedAt", "publishedAt", "attempt"})
record Notification(
        String eventId,
        String type,
        String orderId,
        String instance,
        Instant receivedAt,
        @Nullable Instant publishedAt,
        @Nullable Integer attempt) {}
