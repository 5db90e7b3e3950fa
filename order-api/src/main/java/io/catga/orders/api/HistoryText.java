package io.catga.orders.api;

import io.catga.orders.OrderHistory;
import io.catga.orders.OrderHistory.Announcement;
import io.catga.orders.OrderHistory.Change;
import io.catga.orders.OrderHistory.GivenUp;
import io.catga.orders.OrderHistory.Sighting;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The history of orders for a person to read: a line for each thing that has happened, with its distance to the first. */
final class HistoryText {

    private static final DateTimeFormatter MILLIS =
            new DateTimeFormatterBuilder().appendInstant(3).toFormatter();
    private static final String NO_TIME = "-";
    /** Controls, those beyond ASCII too, what turns or hides text, and what else begins a line. */
    private static final String INVISIBLE = "[\\p{Cc}\\p{Cf}\\u2028\\u2029]";

    private final StringBuilder text = new StringBuilder();
    private @Nullable Instant first;

    private HistoryText() {}

    static String of(List<OrderHistory> orders) {
        return orders.stream().map(HistoryText::of).collect(Collectors.joining("\n"));
    }

    private static String of(OrderHistory order) {
        HistoryText history = new HistoryText();
        history.add("order %s  %s%n", order.orderId(), order.status());
        order.changes().forEach(change -> history.add(change, order));
        if (!order.unknown().isEmpty()) {
            history.add("%n  cannot be asked now, so there may be more: %s%n", String.join(", ", order.unknown()));
        }
        return history.text.toString();
    }

    private void add(Change change, OrderHistory order) {
        add("%n  %s%n", change.status());
        first = change.acceptedAt() == null ? change.storedAt() : change.acceptedAt();
        if (change.storedAt() == null) {
            boolean made = change == order.changes().getFirst();
            line("stored", made ? order.createdAt() : null, "(who took and handled it is no more kept)");
        } else {
            line("accepted", change.acceptedAt(), orUnknown(change.acceptedBy()));
            line("handled", null, orUnknown(change.handledBy()) + ", attempt " + change.attempt());
            line("stored", change.storedAt(), "");
        }
        add(change.event(), order.unknown().isEmpty());
        name("message", change.messageId());
        name("trace", change.traceId());
    }

    private void add(Announcement event, boolean complete) {
        if (event.eventId() != null) {
            line("published", event.publishedAt(), event.type() + ' ' + event.eventId());
        } else if (complete && event.deadLetters().isEmpty()) {
            line("published", null, event.type() + " has been seen by nobody yet: it is in the outbox or on its way");
        }
        for (Sighting seen : event.seenBy()) {
            boolean again = seen.attempt() != null && seen.attempt() > 1;
            line("seen", seen.at(), seen.instance() + (again ? ", attempt " + seen.attempt() : ""));
        }
        for (GivenUp letter : event.deadLetters()) {
            line(
                    "given up",
                    letter.at(),
                    "%s, after %d attempts: %s, see ./dead-letters.sh show %s"
                            .formatted(letter.consumer(), letter.attempts(), letter.code(), letter.id()));
        }
    }

    private void line(String what, @Nullable Instant when, String how) {
        String time = when == null ? NO_TIME : MILLIS.format(when);
        add("    %-10s %-24s %9s  %s%n", what, time, since(when), how);
    }

    private String since(@Nullable Instant when) {
        if (when == null || first == null || when.equals(first)) {
            return "";
        }
        return "%+d ms".formatted(Duration.between(first, when).toMillis());
    }

    private void name(String what, @Nullable String id) {
        if (id != null) {
            add("    %-10s %s%n", what, id);
        }
    }

    private static String orUnknown(@Nullable String instance) {
        return instance == null ? "unknown" : instance;
    }

    /** What stands in a history may come from outside; a line is a line all the same. */
    private void add(String format, Object... values) {
        Object[] visible = new Object[values.length];
        for (int i = 0; i < values.length; i++) {
            visible[i] = values[i] instanceof String value ? value.replaceAll(INVISIBLE, " ") : values[i];
        }
        text.append(format.replace("%n", "\n").formatted(visible).replaceAll(" +\n", "\n"));
    }
}
