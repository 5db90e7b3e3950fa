package io.catga.orders.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.catga.ErrorCode;
import io.catga.Mediator;
import io.catga.MessageCatalog;
import io.catga.MessageOptions;
import io.catga.Reply;
import io.catga.Request;
import io.catga.Result;
import io.catga.codec.JacksonCodec;
import io.catga.orders.CancelOrderCommand;
import io.catga.orders.CreateOrderCommand;
import io.catga.orders.GetOrderQuery;
import io.catga.orders.ListOrdersQuery;
import io.catga.orders.Money;
import io.catga.orders.Order;
import io.catga.orders.OrderCancelledEvent;
import io.catga.orders.OrderCreatedEvent;
import io.catga.orders.OrderLimits;
import io.catga.orders.OrderLine;
import io.catga.orders.OrderPage;
import io.catga.orders.OrderStatus;
import io.catga.store.InMemoryStateStore;
import io.catga.store.Outbox;
import io.catga.store.UnitOfWork;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The handlers as they ship, over the store in memory. */
class OrderHandlersTest {

    private static final Instant NOW = Instant.parse("2026-11-24T12:00:00.123456Z");

    private final Clock clock = Clock.fixed(NOW, ZoneOffset.UTC);
    private final JacksonCodec codec = new JacksonCodec();
    private final InMemoryStateStore store = new InMemoryStateStore(clock, Duration.ofSeconds(10));
    private final Orders orders = new Orders(store, codec);
    private final UnitOfWork unitOfWork = new UnitOfWork(store, codec, clock, Duration.ofHours(24));
    private final OrderTrail trail = new OrderTrail(store, codec);
    private final Mediator mediator = Mediator.builder()
            .catalog(MessageCatalog.of(
                    CreateOrderCommand.class,
                    CancelOrderCommand.class,
                    GetOrderQuery.class,
                    ListOrdersQuery.class,
                    OrderCreatedEvent.class,
                    OrderCancelledEvent.class))
            .clock(clock)
            .handler(new CreateOrderHandler(orders, trail, unitOfWork, clock))
            .handler(new CancelOrderHandler(orders, trail, unitOfWork, clock))
            .handler(new GetOrderHandler(orders, unitOfWork))
            .handler(new ListOrdersHandler(orders, unitOfWork))
            .build();

    private static CreateOrderCommand order(String customer) {
        return new CreateOrderCommand(
                customer,
                List.of(
                        new OrderLine("p-1", 2, Money.of(new BigDecimal("100"))),
                        new OrderLine("p-2", 3, Money.of(new BigDecimal("0.35")))));
    }

    private <R> Reply<R> send(Request<R> request, String key) {
        return mediator.exchange(request, MessageOptions.defaults().withIdempotencyKey(key));
    }

    private Order place(String customer) {
        return mediator.send(order(customer)).orElseThrow();
    }

    private List<String> waitingEvents() {
        return store.take(100, Duration.ZERO).stream()
                .map(Outbox.Entry::event)
                .map(event -> event.type())
                .toList();
    }

    @Test
    void anOrderHasItsExactTotal() {
        Order placed = place("ada");

        assertThat(placed.totalAmount().amount()).isEqualTo(new BigDecimal("201.05"));
        assertThat(placed.status()).isEqualTo(OrderStatus.CREATED);
        assertThat(placed.createdAt()).isEqualTo(Instant.parse("2026-11-24T12:00:00.123Z"));
        assertThat(mediator.send(new GetOrderQuery(placed.orderId()))).isEqualTo(Result.success(placed));
        assertThat(waitingEvents()).containsExactly("orders.order-created");
    }

    @Test
    void theSameKeyGivesTheOrderThatWasMade() {
        Reply<Order> first = send(order("ada"), "key");
        Reply<Order> second = send(order("ada"), "key");

        assertThat(second.replayed()).isTrue();
        assertThat(second.result()).isEqualTo(first.result());
        assertThat(page("ada", 10, null).orders()).hasSize(1);
        assertThat(waitingEvents()).hasSize(1);
    }

    @Test
    void cancellingTwiceGivesTheSameOrderAndOneEvent() {
        Order placed = place("ada");

        Order first = mediator.send(new CancelOrderCommand(placed.orderId())).orElseThrow();
        Order second = mediator.send(new CancelOrderCommand(placed.orderId())).orElseThrow();

        assertThat(first).isEqualTo(placed.cancelled()).isEqualTo(second);
        assertThat(waitingEvents()).containsExactly("orders.order-created", "orders.order-cancelled");
    }

    @Test
    void anUnknownOrderIsNotFound() {
        assertThat(codeOf(mediator.send(new GetOrderQuery("unknown")))).isEqualTo(ErrorCode.NOT_FOUND);
        assertThat(codeOf(mediator.send(new CancelOrderCommand("unknown")))).isEqualTo(ErrorCode.NOT_FOUND);
    }

    private static ErrorCode codeOf(Result<?> result) {
        assertThat(result).isInstanceOf(Result.Failure.class);
        return ((Result.Failure<?>) result).error().code();
    }

    @Test
    void ordersAreListedNewestFirstAndOnlyTheCustomersOwn() {
        List<String> placed = new ArrayList<>();
        Stream.generate(() -> "ada")
                .limit(5)
                .forEach(customer -> placed.addFirst(place(customer).orderId()));
        Order other = place("grace");

        OrderPage first = page("ada", 3, null);
        OrderPage second = page("ada", 3, first.nextCursor());

        assertThat(Stream.of(first, second)
                        .flatMap(page -> page.orders().stream())
                        .map(Order::orderId))
                .isEqualTo(placed);
        assertThat(second.nextCursor()).isNull();
        assertThat(page(null, 1, null).orders()).containsExactly(other);
    }

    /** A hundred of these are 1.2 MB; no message carries them, and who asked for everybody's orders got none. */
    @Test
    void aPageOfLargeOrdersEndsEarlyAndTheNextOneGoesOn() {
        List<String> placed = new ArrayList<>();
        CreateOrderCommand large = new CreateOrderCommand(
                "ada", Collections.nCopies(OrderLimits.LINES, new OrderLine("p".repeat(64), 9999, new Money(1_00))));
        for (int i = 0; i < 30; i++) {
            placed.addFirst(mediator.send(large).orElseThrow().orderId());
        }

        List<String> seen = new ArrayList<>();
        OrderPage page = page("ada", 100, null);
        int encoded = codec.encode(page).length;
        while (page.nextCursor() != null) {
            page.orders().forEach(order -> seen.add(order.orderId()));
            page = page("ada", 100, page.nextCursor());
        }
        page.orders().forEach(order -> seen.add(order.orderId()));

        assertThat(seen).isEqualTo(placed);
        assertThat(encoded).isBetween(128 * 1024, 150_000);
    }

    private OrderPage page(@Nullable String customer, int limit, @Nullable String cursor) {
        return mediator.send(new ListOrdersQuery(customer, limit, cursor)).orElseThrow();
    }
}
