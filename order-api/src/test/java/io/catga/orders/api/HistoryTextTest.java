package io.catga.orders.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.catga.orders.OrderHistory;
import io.catga.orders.OrderHistory.Announcement;
import io.catga.orders.OrderHistory.Change;
import io.catga.orders.OrderHistory.GivenUp;
import io.catga.orders.OrderHistory.Sighting;
import io.catga.orders.OrderStatus;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HistoryTextTest {

    private static final Instant THEN = Instant.parse("2026-11-24T12:00:00.100Z");

    private static Announcement unseen(String type) {
        return new Announcement(type, null, null, List.of(), List.of());
    }

    @Test
    void everythingThatHasHappenedIsALine() {
        Announcement event = new Announcement(
                "OrderCreatedEvent",
                "event-1",
                THEN.plusMillis(30),
                List.of(new Sighting("n-1", THEN.plusMillis(31), 1), new Sighting("n-2", THEN.plusMillis(1031), 2)),
                List.of(new GivenUp("7", "n-3", THEN.plusMillis(40), "CONFLICT", 1)));
        OrderHistory history = new OrderHistory(
                "order-1",
                OrderStatus.CANCELLED,
                THEN,
                List.of(
                        new Change(
                                OrderStatus.CREATED,
                                "my-key",
                                "4bf92f3577b34da6a3ce929d0e0e4736",
                                "api-1",
                                THEN,
                                2,
                                "service-1",
                                THEN.plusMillis(23),
                                event),
                        new Change(
                                OrderStatus.CANCELLED,
                                "id-2",
                                null,
                                null,
                                null,
                                1,
                                "service-2",
                                THEN.plusSeconds(60),
                                unseen("OrderCancelledEvent"))),
                List.of());

        assertThat(HistoryText.of(List.of(history))).isEqualTo("""
                order order-1  CANCELLED

                  CREATED
                    accepted   2026-11-24T12:00:00.100Z            api-1
                    handled    -                                   service-1, attempt 2
                    stored     2026-11-24T12:00:00.123Z    +23 ms
                    published  2026-11-24T12:00:00.130Z    +30 ms  OrderCreatedEvent event-1
                    seen       2026-11-24T12:00:00.131Z    +31 ms  n-1
                    seen       2026-11-24T12:00:01.131Z  +1031 ms  n-2, attempt 2
                    given up   2026-11-24T12:00:00.140Z    +40 ms  n-3, after 1 attempts: CONFLICT, see ./dead-letters.sh show 7
                    message    my-key
                    trace      4bf92f3577b34da6a3ce929d0e0e4736

                  CANCELLED
                    accepted   -                                   unknown
                    handled    -                                   service-2, attempt 1
                    stored     2026-11-24T12:01:00.100Z
                    published  -                                   OrderCancelledEvent has been seen by nobody yet: it is in the outbox or on its way
                    message    id-2
                """);
    }

    /** The key, the trace and an instance's name may hold what steers a terminal, or looks like a line of its own. */
    @ParameterizedTest
    @ValueSource(
            strings = {"\n", "\r", "\t", "\u001B", "\u007F", "\u0085", "\u009B", "\u202E", "\u200B", "\u2028", "\u2029"
            })
    void whatIsNoTextIsASpace(String sign) {
        OrderHistory history = new OrderHistory("or" + sign + "der", OrderStatus.CREATED, THEN, List.of(), List.of());

        assertThat(HistoryText.of(List.of(history))).isEqualTo("order or der  CREATED\n");
    }

    @Test
    void whatIsNotKnownIsSaid() {
        OrderHistory history = new OrderHistory(
                "order-1",
                OrderStatus.CREATED,
                THEN,
                List.of(new Change(
                        OrderStatus.CREATED, null, null, null, null, null, null, null, unseen("OrderCreatedEvent"))),
                List.of("notifications", "dead-letters"));

        assertThat(HistoryText.of(List.of(history))).isEqualTo("""
                order order-1  CREATED

                  CREATED
                    stored     2026-11-24T12:00:00.100Z            (who took and handled it is no more kept)

                  cannot be asked now, so there may be more: notifications, dead-letters
                """);
    }
}
