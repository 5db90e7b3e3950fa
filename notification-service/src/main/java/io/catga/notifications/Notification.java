package io.catga.notifications;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.time.Instant;

/**
 * That one instance has received one event.
 *
 * @param type the label of the event, such as {@code OrderCreatedEvent}
 */
@JsonPropertyOrder({"eventId", "type", "orderId", "instance", "receivedAt"})
record Notification(String eventId, String type, String orderId, String instance, Instant receivedAt) {}
