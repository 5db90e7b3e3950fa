package io.catga.notifications;

import io.catga.MessageContext;
import io.catga.Result;
import io.catga.Unit;
import io.catga.codec.MessageCodec;
import io.catga.spring.CatgaInstance;
import io.catga.store.StateStore;
import io.catga.store.UnitOfWork;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.springframework.stereotype.Component;

/**
 * Keeps notifications, each once: the record that an instance has handled an event and its notification are written in
 * one step, so an event that is delivered again changes nothing.
 */
@Component
final class Notifications {

    /** As long as the events themselves are kept. */
    private static final Duration LIFETIME = Duration.ofDays(7);
    /** How long a reader waits for the store. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    /** More than any order ever has. */
    private static final int PER_ORDER = 1000;

    private final StateStore store;
    private final UnitOfWork inbox;
    private final MessageCodec codec;
    private final Clock clock;
    private final CatgaInstance instance;
    private final NotificationStream stream;

    Notifications(
            StateStore store,
            UnitOfWork unitOfWork,
            MessageCodec codec,
            Clock clock,
            CatgaInstance instance,
            NotificationStream stream) {
        this.store = store;
        this.inbox = unitOfWork.forConsumer(instance.name());
        this.codec = codec;
        this.clock = clock;
        this.instance = instance;
        this.stream = stream;
    }

    /** Keeps that this instance has received an event, and shows it to those who watch. */
    Result<Unit> received(String orderId, MessageContext context) {
        Notification notification = new Notification(
                context.messageId(),
                context.descriptor().label(),
                orderId,
                instance.name(),
                clock.instant().truncatedTo(ChronoUnit.MILLIS),
                context.publishedAt().orElse(null),
                context.attempt());
        String member = context.messageId() + '@' + instance.name();
        Result<Unit> result = inbox.commit(
                context,
                Unit.UNIT,
                step -> step.put(key(member), codec.encode(notification), LIFETIME)
                        .addToIndex(index(orderId), member, LIFETIME),
                List.of());
        if (result.isSuccess() && !context.isReplayed()) {
            stream.show(notification);
        }
        return result;
    }

    /** What all instances have received about an order, oldest event first. */
    List<Notification> about(String orderId) {
        return about(List.of(orderId));
    }

    /** The same about some orders, one after the other. */
    List<Notification> about(List<String> orderIds) {
        Instant deadline = clock.instant().plus(PATIENCE);
        List<String> keys = orderIds.stream()
                .distinct()
                .flatMap(orderId -> store.greatest(index(orderId), null, PER_ORDER, deadline).reversed().stream())
                .map(Notifications::key)
                .toList();
        if (keys.isEmpty()) {
            return List.of();
        }
        return store.getAll(keys, deadline).stream()
                .flatMap(Optional::stream)
                .map(bytes -> codec.<Notification>decode(bytes, Notification.class))
                .toList();
    }

    private static String key(String member) {
        return "notification:" + member;
    }

    private static String index(String orderId) {
        return "notifications-of:" + orderId;
    }
}
