package io.catga.orders.service;

import io.catga.CatgaError;
import io.catga.CatgaException;
import io.catga.Event;
import io.catga.Mediator;
import io.catga.MessageDescriptor;
import io.catga.MessageOptions;
import io.catga.Result;
import io.catga.orders.GetReceptionsQuery;
import io.catga.orders.Order;
import io.catga.orders.OrderCancelledEvent;
import io.catga.orders.OrderCreatedEvent;
import io.catga.orders.OrderHistory;
import io.catga.orders.OrderHistory.Announcement;
import io.catga.orders.OrderHistory.Change;
import io.catga.orders.OrderHistory.GivenUp;
import io.catga.orders.OrderHistory.Sighting;
import io.catga.orders.OrderMessages;
import io.catga.orders.OrderStatus;
import io.catga.orders.Receptions;
import io.catga.orders.Receptions.Reception;
import io.catga.transport.DeadLetter;
import io.catga.transport.DeadLetters;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/**
 * Puts together what the order's own trail, notification-service and the dead letters know. The trail is always there;
 * what the other two cannot say just now is left out, and named: whoever asks where an order is, asks when something is
 * broken.
 */
@Component
final class Histories {

    private static final Logger LOG = LoggerFactory.getLogger(Histories.class);

    static final String NOTIFICATIONS = "notifications";
    static final String DEAD_LETTERS = "dead-letters";

    /** For what can be left out. */
    private static final Duration PATIENCE = Duration.ofSeconds(1);
    /** Reading one is a request; there are hardly ever any. */
    private static final int PAGE = 50;

    private final Orders orders;
    private final OrderTrail trail;
    private final Mediator mediator;
    private final @Nullable DeadLetters deadLetters;
    private final Clock clock;

    Histories(
            Orders orders, OrderTrail trail, Mediator mediator, ObjectProvider<DeadLetters> deadLetters, Clock clock) {
        this.orders = orders;
        this.trail = trail;
        this.mediator = mediator;
        this.deadLetters = deadLetters.getIfAvailable();
        this.clock = clock;
    }

    Optional<OrderHistory> of(String orderId, Instant deadline) {
        return orders.find(orderId, deadline).map(order -> of(order, deadline));
    }

    private OrderHistory of(Order order, Instant deadline) {
        List<OrderStep> known = trail.of(order.orderId(), deadline);
        List<String> unknown = new ArrayList<>();
        List<Reception> receptions = receptions(order.orderId(), unknown);
        List<DeadLetter> letters = letters(known, unknown);
        List<Change> changes = new ArrayList<>();
        for (OrderStatus status : statuses(order)) {
            OrderStep step = known.stream()
                    .filter(one -> one.status() == status)
                    .findFirst()
                    .orElse(null);
            changes.add(change(status, step, announcement(status, step, receptions, letters)));
        }
        return new OrderHistory(order.orderId(), order.status(), order.createdAt(), changes, unknown);
    }

    /** Each status that the order has had. */
    private static List<OrderStatus> statuses(Order order) {
        return order.status() == OrderStatus.CREATED
                ? List.of(OrderStatus.CREATED)
                : List.of(OrderStatus.CREATED, order.status());
    }

    private static Change change(OrderStatus status, @Nullable OrderStep step, Announcement event) {
        return step == null
                ? new Change(status, null, null, null, null, null, null, null, event)
                : new Change(
                        status,
                        step.messageId(),
                        step.traceId(),
                        step.acceptedBy(),
                        step.acceptedAt(),
                        step.attempt(),
                        step.handledBy(),
                        step.storedAt(),
                        event);
    }

    private static Announcement announcement(
            OrderStatus status, @Nullable OrderStep step, List<Reception> receptions, List<DeadLetter> letters) {
        MessageDescriptor event = eventOf(status);
        List<Reception> seen = receptions.stream()
                .filter(reception -> reception.type().equals(event.label()))
                .toList();
        List<GivenUp> givenUp = letters.stream()
                .filter(letter -> step != null && tellsOf(letter, step))
                .map(letter -> new GivenUp(
                        letter.id(),
                        letter.consumer(),
                        letter.time(),
                        letter.code().name(),
                        letter.cause(),
                        letter.attempts()))
                .toList();
        return new Announcement(
                event.label(),
                seen.isEmpty() ? null : seen.getFirst().eventId(),
                seen.stream()
                        .map(Reception::publishedAt)
                        .filter(Objects::nonNull)
                        .findFirst()
                        .orElse(null),
                seen.stream()
                        .map(one -> new Sighting(one.instance(), one.receivedAt(), one.attempt()))
                        .toList(),
                givenUp);
    }

    private static MessageDescriptor eventOf(OrderStatus status) {
        Class<? extends Event> type = switch (status) {
            case CREATED -> OrderCreatedEvent.class;
            case CANCELLED -> OrderCancelledEvent.class;
        };
        return OrderMessages.CATALOG.find(type).orElseThrow();
    }

    /** By the command that caused it, not by its content: it may be given up because nobody can read that. */
    private static boolean tellsOf(DeadLetter letter, OrderStep step) {
        return letter.event().type().equals(eventOf(step.status()).name())
                && letter.causationId().filter(step.messageId()::equals).isPresent();
    }

    private List<Reception> receptions(String orderId, List<String> unknown) {
        Result<Receptions> answer = mediator.send(
                new GetReceptionsQuery(orderId), MessageOptions.defaults().withTimeout(PATIENCE));
        return switch (answer) {
            case Result.Success<Receptions>(Receptions found) -> found.receptions();
            case Result.Failure<Receptions>(CatgaError error) -> {
                LOG.info("The history of {} is without its notifications: {}", orderId, error.message());
                unknown.add(NOTIFICATIONS);
                yield List.of();
            }
        };
    }

    /** Nearly always one question, whether there are any. */
    private List<DeadLetter> letters(List<OrderStep> steps, List<String> unknown) {
        List<DeadLetter> found = new ArrayList<>();
        if (deadLetters == null || steps.isEmpty()) {
            return found;
        }
        Instant until = clock.instant().plus(PATIENCE);
        try {
            if (deadLetters.stats().count() == 0) {
                return found;
            }
            String next = null;
            do {
                DeadLetters.Page page = deadLetters.list(DeadLetters.Filter.all(), next, PAGE);
                page.letters().stream()
                        .filter(letter -> steps.stream().anyMatch(step -> tellsOf(letter, step)))
                        .forEach(found::add);
                next = page.next();
            } while (next != null && clock.instant().isBefore(until));
            if (next != null) {
                unknown.add(DEAD_LETTERS);
            }
        } catch (CatgaException e) {
            LOG.info("A history is without its dead letters: {}", e.getMessage());
            unknown.add(DEAD_LETTERS);
        }
        return found;
    }

    /**
     * Of whatever has this id: an order, a message, or a trace.
     *
     * @param limit at most so many, the newest
     */
    List<OrderHistory> find(String id, int limit, Instant deadline) {
        Set<String> ids = new HashSet<>(trail.changedBy(id, limit, deadline));
        ids.add(id);
        return ids.stream()
                .sorted((one, other) -> other.compareTo(one))
                .flatMap(orderId -> of(orderId, deadline).stream())
                .limit(limit)
                .toList();
    }
}
