package io.catga.notifications;

import static org.assertj.core.api.Assertions.assertThat;

import io.catga.DefaultMediator;
import io.catga.Mediator;
import io.catga.codec.JacksonCodec;
import io.catga.orders.GetReceptionsQuery;
import io.catga.orders.Money;
import io.catga.orders.OrderCancelledEvent;
import io.catga.orders.OrderCreatedEvent;
import io.catga.spring.CatgaInstance;
import io.catga.store.AtomicStep;
import io.catga.store.InMemoryStateStore;
import io.catga.store.UnitOfWork;
import io.catga.transport.Delivery;
import io.catga.transport.WireMessage;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NotificationsTest {

    private static final Clock CLOCK = Clock.systemUTC();

    private final JacksonCodec codec = new JacksonCodec();
    private final InMemoryStateStore store = new InMemoryStateStore(CLOCK, Duration.ofSeconds(10));
    private final Notifications first = notifications("notification-1");
    private final Notifications second = notifications("notification-2");

    private Notifications notifications(String instance) {
        return new Notifications(
                store,
                new UnitOfWork(store, codec, CLOCK, Duration.ofHours(24)),
                codec,
                CLOCK,
                new CatgaInstance("notification-service", instance),
                new NotificationStream());
    }

    private static DefaultMediator mediator(Notifications notifications) {
        return Mediator.builder()
                .catalog(new NotificationServiceApplication().notificationMessages())
                .handler(new OrderCreatedHandler(notifications))
                .handler(new OrderCancelledHandler(notifications))
                .handler(new GetReceptionsHandler(notifications))
                .build();
    }

    private WireMessage created() {
        return new WireMessage(
                "orders.order-created",
                "event-1",
                Map.of(),
                codec.encode(new OrderCreatedEvent("order-1", "ada", new Money(100), Instant.EPOCH)));
    }

    private WireMessage cancelled() {
        return new WireMessage(
                "orders.order-cancelled",
                "event-2",
                Map.of(),
                codec.encode(new OrderCancelledEvent("order-1", "ada", Instant.EPOCH)));
    }

    @Test
    void everyInstanceKeepsEveryEvent() {
        for (Notifications notifications : new Notifications[] {first, second}) {
            mediator(notifications).onEvent(created(), 1, false);
            mediator(notifications).onEvent(cancelled(), 1, false);
        }

        assertThat(first.about("order-1"))
                .extracting(Notification::type, Notification::instance)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("OrderCreatedEvent", "notification-1"),
                        org.assertj.core.groups.Tuple.tuple("OrderCreatedEvent", "notification-2"),
                        org.assertj.core.groups.Tuple.tuple("OrderCancelledEvent", "notification-1"),
                        org.assertj.core.groups.Tuple.tuple("OrderCancelledEvent", "notification-2"));
    }

    @Test
    void whoeverAsksLearnsWhoHasSeenWhatAndWhenItWasPublished() {
        Instant published = Instant.parse("2026-11-24T12:00:00.123Z");
        WireMessage event = created();
        DefaultMediator mediator = mediator(first);

        mediator.onEvent(
                new WireMessage(
                        event.type(),
                        event.messageId(),
                        Map.of("Catga-Published-At", Long.toString(published.toEpochMilli())),
                        event.payload()),
                3,
                false);

        assertThat(mediator.send(new GetReceptionsQuery("order-1"))
                        .orElseThrow()
                        .receptions())
                .singleElement()
                .satisfies(reception -> {
                    assertThat(reception.eventId()).isEqualTo("event-1");
                    assertThat(reception.type()).isEqualTo("OrderCreatedEvent");
                    assertThat(reception.instance()).isEqualTo("notification-1");
                    assertThat(reception.publishedAt()).isEqualTo(published);
                    assertThat(reception.attempt()).isEqualTo(3);
                });
        assertThat(mediator.send(new GetReceptionsQuery("order-2"))
                        .orElseThrow()
                        .receptions())
                .isEmpty();
    }

    @Test
    void aNotificationOfAnOlderVersionIsStillReadable() {
        String older = "{\"eventId\":\"event-1\",\"type\":\"OrderCreatedEvent\",\"orderId\":\"order-1\","
                + "\"instance\":\"notification-1\",\"receivedAt\":\"2026-11-24T12:00:00.123Z\"}";
        store.commit(
                AtomicStep.forKey("test", "older", "", new byte[0], Duration.ofHours(1))
                        .put("notification:event-1@notification-1", older.getBytes(StandardCharsets.UTF_8))
                        .addToIndex("notifications-of:order-1", "event-1@notification-1"),
                Instant.MAX);

        assertThat(first.about("order-1"))
                .containsExactly(new Notification(
                        "event-1",
                        "OrderCreatedEvent",
                        "order-1",
                        "notification-1",
                        Instant.parse("2026-11-24T12:00:00.123Z"),
                        null,
                        null));
    }

    @Test
    void anEventThatComesAgainChangesNothing() {
        DefaultMediator mediator = mediator(first);

        assertThat(mediator.onEvent(created(), 1, false)).isInstanceOf(Delivery.Handled.class);
        Notification before = first.about("order-1").getFirst();
        assertThat(mediator.onEvent(created(), 2, false)).isInstanceOf(Delivery.Handled.class);

        assertThat(first.about("order-1")).containsExactly(before);
    }

    @Test
    void someOrdersAreAskedAboutAtOnce() {
        DefaultMediator mediator = mediator(first);
        mediator.onEvent(created(), 1, false);
        mediator.onEvent(
                new WireMessage(
                        "orders.order-created",
                        "event-3",
                        Map.of(),
                        codec.encode(new OrderCreatedEvent("order-2", "ada", new Money(100), Instant.EPOCH))),
                1,
                false);

        assertThat(first.about(List.of("order-2", "order-1", "order-2", "no-order")))
                .extracting(Notification::orderId)
                .containsExactly("order-2", "order-1");
    }
}
