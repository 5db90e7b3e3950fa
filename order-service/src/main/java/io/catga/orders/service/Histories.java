package io.catga.orders.service;

import io.catga.CatgaError;
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
import io.catga.transport.DeadLetters.Filter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
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
    /** How far those of two instances may be apart. */
    private static final Duration CLOCKS = Duration.ofMinutes(1);

    /** What is known about one order, or has been asked for. */
    private record Known(Order order, List<OrderStep> steps, CompletableFuture<Result<Receptions>> receptions) {}

    /** The dead letters that were found in time. */
    private record Letters(List<DeadLetter> found, boolean complete) {}

    private final Orders orders;
    private final OrderTrail trail;
    private final Mediator mediator;
    private final @Nullable DeadLetters deadLetters;

    Histories(Orders orders, OrderTrail trail, Mediator mediator, ObjectProvider<DeadLetters> deadLetters) {
        this.orders = orders;
        this.trail = trail;
        this.mediator = mediator;
        this.deadLetters = deadLetters.getIfAvailable();
    }

    Optional<OrderHistory> of(String orderId, Instant deadline) {
        return of(Stream.of(orderId), 1, deadline).stream().findFirst();
    }

    /**
     * Of whatever has this id: an order, a message, or a trace.
     *
     * @param limit at most so many, the newest
     */
    List<OrderHistory> find(String id, int limit, Instant deadline) {
        Stream<String> ids = Stream.concat(Stream.of(id), trail.changedBy(id, limit, deadline).stream());
        return of(ids.distinct().sorted(Comparator.reverseOrder()), limit, deadline);
    }

    /** All that can be left out is asked for at the same time, so that it costs one patience, and not one for each order. */
    private List<OrderHistory> of(Stream<String> orderIds, int limit, Instant deadline) {
        List<Known> known = orderIds.flatMap(orderId -> orders.find(orderId, deadline).stream())
                .limit(limit)
                .map(order -> new Known(order, trail.of(order.orderId(), deadline), receptions(order.orderId())))
                .toList();
        Letters letters =
                letters(known.stream().flatMap(order -> order.steps().stream()).toList());
        return known.stream().map(order -> history(order, letters)).toList();
    }

    private static OrderHistory history(Known known, Letters letters) {
        Order order = known.order();
        List<String> unknown = new ArrayList<>();
        List<Reception> receptions = received(known, unknown);
        if (!letters.complete()) {
            unknown.add(DEAD_LETTERS);
        }
        List<Change> changes = new ArrayList<>();
        for (OrderStatus status : statuses(order)) {
            OrderStep step = known.steps().stream()
                    .filter(one -> one.status() == status)
                    .findFirst()
                    .orElse(null);
            changes.add(change(status, step, announcement(status, step, receptions, letters.found())));
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

    private CompletableFuture<Result<Receptions>> receptions(String orderId) {
        return mediator.sendAsync(
                        new GetReceptionsQuery(orderId),
                        MessageOptions.defaults().withTimeout(PATIENCE))
                .toCompletableFuture();
    }

    private static List<Reception> received(Known known, List<String> unknown) {
        return switch (known.receptions().join()) {
            case Result.Success<Receptions>(Receptions found) -> found.receptions();
            case Result.Failure<Receptions>(CatgaError error) -> {
                LOG.info(
                        "The history of {} is without its notifications: {}",
                        known.order().orderId(),
                        error.message());
                unknown.add(NOTIFICATIONS);
                yield List.of();
            }
        };
    }

    /** On a thread of its own: where nobody leads the stream, a single look waits for longer than there is time. */
    private Letters letters(List<OrderStep> steps) {
        Queue<DeadLetter> found = new ConcurrentLinkedQueue<>();
        FutureTask<Boolean> search = new FutureTask<>(() -> search(steps, found), true);
        Thread.ofVirtual().name("catga-dead-letters").start(search);
        boolean complete = false;
        try {
            complete = search.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            LOG.info("A history is without all its dead letters: {}", e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            search.cancel(true);
        }
        return new Letters(List.copyOf(found), complete);
    }

    /** Nearly always one question for each type of event, whether there are any. */
    private void search(List<OrderStep> steps, Queue<DeadLetter> found) {
        for (OrderStatus status : OrderStatus.values()) {
            Optional<Instant> first = steps.stream()
                    .filter(step -> step.status() == status)
                    .map(OrderStep::storedAt)
                    .min(Comparator.naturalOrder());
            if (deadLetters == null || first.isEmpty()) {
                continue;
            }
            Filter filter = Filter.all()
                    .ofType(eventOf(status).name())
                    .since(first.get().minus(CLOCKS));
            String next = null;
            do {
                DeadLetters.Page page = deadLetters.list(filter, next, PAGE);
                page.letters().stream()
                        .filter(letter -> steps.stream().anyMatch(step -> tellsOf(letter, step)))
                        .forEach(found::add);
                next = page.next();
            } while (next != null);
        }
    }
}
