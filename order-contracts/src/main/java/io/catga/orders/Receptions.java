package io.catga.orders;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which instances have received which events about an order, oldest event first. */
public record Receptions(List<Reception> receptions) {

    /**
     * That one instance has handled one event.
     *
     * @param type        the label of the event, such as {@code OrderCreatedEvent}
     * @param publishedAt when the event bus took it; {@code null} where an older version has handled it
     * @param attempt     how many times it had been delivered to the instance, from 1; {@code null} likewise
     */
    public record Reception(
            String eventId,
            String type,
            String instance,
            Instant receivedAt,
            @Nullable Instant publishedAt,
            @Nullable Integer attempt) {}

    public Receptions {
        receptions = List.copyOf(receptions);
    }
}
