package io.catga.floor.notification;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.time.Instant;

/** That one instance has received one event. */
@JsonPropertyOrder({"eventId", "type", "orderId", "instance", "receivedAt"})
record Notification(String eventId, String type, String orderId, String instance, Instant receivedAt) {}
