package io.catga.orders.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.catga.CatgaError;
import io.catga.CatgaException;
import io.catga.DefaultMediator;
import io.catga.ErrorCode;
import io.catga.EventHandler;
import io.catga.Mediator;
import io.catga.MessageCatalog;
import io.catga.MessageContext;
import io.catga.MessageOptions;
import io.catga.QueryHandler;
import io.catga.Request;
import io.catga.Result;
import io.catga.Unit;
import io.catga.codec.JacksonCodec;
import io.catga.orders.CancelOrderCommand;
import io.catga.orders.CreateOrderCommand;
import io.catga.orders.FindOrderHistoriesQuery;
import io.catga.orders.GetOrderHistoryQuery;
import io.catga.orders.GetOrderQuery;
import io.catga.orders.GetReceptionsQuery;
import io.catga.orders.Money;
import io.catga.orders.Order;
import io.catga.orders.OrderCancelledEvent;
import io.catga.orders.OrderCreatedEvent;
import io.catga.orders.OrderHistory;
import io.catga.orders.OrderHistory.Announcement;
import io.catga.orders.OrderHistory.Change;
import io.catga.orders.OrderHistory.Sighting;
import io.catga.orders.OrderLine;
import io.catga.orders.OrderMessages;
import io.catga.orders.OrderStatus;
import io.catga.orders.Receptions;
import io.catga.orders.Receptions.Reception;
import io.catga.store.AtomicStep;
import io.catga.store.InMemoryStateStore;
import io.catga.store.Outbox;
import io.catga.store.UnitOfWork;
import io.catga.transport.DeadLetters;
import io.catga.transport.DeadLetters.Filter;
import io.catga.transport.InMemoryNetwork;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.support.StaticListableBeanFactory;

/** What is known about an order afterwards: its handlers as they ship, asked by another instance. */
class OrderHistoryTest {

    private static final Instant SENT = Instant.parse("2026-11-24T12:00:00.100Z");
    private static final Instant NOW = Instant.parse("2026-11-24T12:00:00.123Z");
    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final DeadLetters.Page NO_LETTERS = new DeadLetters.Page(List.of(), null);
    private static final CreateOrderCommand COMMAND =
            new CreateOrderCommand("ada", List.of(new OrderLine("p-1", 2, new Money(100))));
    private static final MessageCatalog CATALOG = MessageCatalog.of(
            CreateOrderCommand.class,
            CancelOrderCommand.class,
            GetOrderQuery.class,
            GetOrderHistoryQuery.class,
            FindOrderHistoriesQuery.class,
            OrderCreatedEvent.class,
            OrderCancelledEvent.class);

    private final Clock clock = Clock.fixed(NOW, ZoneOffset.UTC);
    private final JacksonCodec codec = new JacksonCodec();
    private final InMemoryStateStore store = new InMemoryStateStore(clock, Duration.ofSeconds(10));
    private final Orders orders = new Orders(store, codec);
    private final OrderTrail trail = new OrderTrail(store, codec);
    private final UnitOfWork unitOfWork = new UnitOfWork(store, codec, clock, Duration.ofHours(24));
    private final InMemoryNetwork network = new InMemoryNetwork(clock, 1, Duration.ofMillis(1));
    private Callable<?> beforeReceptions = () -> true;
    private Result<Receptions> receptions = Result.success(new Receptions(List.of()));
    private final Mediator notifications = Mediator.builder()
            .catalog(MessageCatalog.of(GetReceptionsQuery.class))
            .clock(clock)
            .handler(new Receiving())
            .build();
    private Mediator api = asking(network.deadLetters());

    private final class Receiving implements QueryHandler<GetReceptionsQuery, Receptions> {
        @Override
        public Result<Receptions> handle(GetReceptionsQuery query, MessageContext context) {
            try {
                beforeReceptions.call();
                return receptions;
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /** An instance that asks another one, which handles. */
    private Mediator asking(DeadLetters letters) {
        StaticListableBeanFactory beans = new StaticListableBeanFactory();
        beans.addBean("letters", letters);
        Histories histories = new Histories(orders, trail, notifications, beans.getBeanProvider(DeadLetters.class));
        DefaultMediator service = Mediator.builder()
                .catalog(CATALOG)
                .instance("service-1")
                .clock(clock)
                .handler(new CreateOrderHandler(orders, trail, unitOfWork, clock))
                .handler(new CancelOrderHandler(orders, trail, unitOfWork, clock))
                .handler(new GetOrderHandler(orders, unitOfWork))
                .handler(new GetOrderHistoryHandler(histories, unitOfWork))
                .handler(new FindOrderHistoriesHandler(histories, unitOfWork))
                .build();
        return Mediator.builder()
                .catalog(OrderMessages.CATALOG)
                .instance("api-1")
                .clock(Clock.fixed(SENT, ZoneOffset.UTC))
                .requestTransport((request, _) -> service.onRequest(request))
                .build();
    }

    private <R> R send(Request<R> request, String key) {
        return api.send(
                        request,
                        MessageOptions.defaults()
                                .withIdempotencyKey(key)
                                .withHeader("traceparent", "00-" + TRACE + "-00f067aa0ba902b7-01"))
                .orElseThrow();
    }

    private OrderHistory historyOf(Order order) {
        return api.send(new GetOrderHistoryQuery(order.orderId())).orElseThrow();
    }

    private List<String> find(String id) {
        return api.send(new FindOrderHistoriesQuery(id)).orElseThrow().orders().stream()
                .map(OrderHistory::orderId)
                .toList();
    }

    private static Announcement unseen(String type) {
        return new Announcement(type, null, null, List.of(), List.of());
    }

    @Test
    void eachChangeSaysWhoAskedForItAndWhoMadeIt() {
        Order order = send(COMMAND, "placing");
        send(new CancelOrderCommand(order.orderId()), "cancelling");

        assertThat(historyOf(order))
                .isEqualTo(new OrderHistory(
                        order.orderId(),
                        OrderStatus.CANCELLED,
                        NOW,
                        List.of(
                                new Change(
                                        OrderStatus.CREATED,
                                        "placing",
                                        TRACE,
                                        "api-1",
                                        SENT,
                                        1,
                                        "service-1",
                                        NOW,
                                        unseen("OrderCreatedEvent")),
                                new Change(
                                        OrderStatus.CANCELLED,
                                        "cancelling",
                                        TRACE,
                                        "api-1",
                                        SENT,
                                        1,
                                        "service-1",
                                        NOW,
                                        unseen("OrderCancelledEvent"))),
                        List.of()));
    }

    /** A round trip more for each order would be felt; two values and an index entry in the same one are not. */
    @Test
    void itIsWrittenInTheStepThatMakesTheOrder() {
        Order order = send(COMMAND, "placing");
        String before = store.toString();

        assertThat(before).isEqualTo("InMemoryStateStore[keys=1, values=3, indexes=3, outbox=1]");
        assertThat(send(COMMAND, "placing")).isEqualTo(order);
        assertThat(store.toString()).as("a repeated request writes nothing").isEqualTo(before);
    }

    @Test
    void anOrderIsFoundByEveryIdThatItsRequestsHad() {
        Order order = send(COMMAND, "placing");
        send(new CancelOrderCommand(order.orderId()), "cancelling");

        assertThat(List.of(order.orderId(), "placing", "cancelling", TRACE))
                .allSatisfy(id -> assertThat(find(id)).containsExactly(order.orderId()));
        assertThat(api.send(new FindOrderHistoriesQuery("another")))
                .isInstanceOfSatisfying(
                        Result.Failure.class,
                        failure -> assertThat(failure.error().code()).isEqualTo(ErrorCode.NOT_FOUND));
    }

    /** A key is unique for each type of command, and a trace can be about anything. */
    @Test
    void anIdOfSeveralOrdersFindsAllNewestFirst() {
        Order older = send(COMMAND, "older");
        Order newer = send(COMMAND, "newer");
        send(new CancelOrderCommand(older.orderId()), "newer");

        assertThat(find(TRACE)).containsExactly(newer.orderId(), older.orderId());
        assertThat(find("newer")).containsExactly(newer.orderId(), older.orderId());
        assertThat(find("older")).containsExactly(older.orderId());
    }

    /** A client that keeps one trace for all that it does must not fill the store. */
    @Test
    void aTraceKeepsItsNewestOrdersOnly() {
        for (int i = 0; i < 101; i++) {
            send(COMMAND, "key-" + i);
        }

        assertThat(store.greatest("orders-of-trace:" + TRACE, null, 200, NOW)).hasSize(100);
    }

    @Test
    void anUnknownOrderIsNotFound() {
        assertThat(api.send(new GetOrderHistoryQuery("unknown")))
                .isInstanceOfSatisfying(
                        Result.Failure.class,
                        failure -> assertThat(failure.error().code()).isEqualTo(ErrorCode.NOT_FOUND));
    }

    @Test
    void whoHasSeenAnEventIsWhatNotificationServiceSays() {
        Order order = send(COMMAND, "placing");
        Instant published = NOW.plusMillis(2);
        Instant received = NOW.plusMillis(5);
        receptions = Result.success(new Receptions(List.of(
                new Reception("event-1", "OrderCreatedEvent", "n-1", received, null, null),
                new Reception("event-1", "OrderCreatedEvent", "n-2", received, published, 2))));

        assertThat(historyOf(order).changes().getFirst().event())
                .isEqualTo(new Announcement(
                        "OrderCreatedEvent",
                        "event-1",
                        published,
                        List.of(new Sighting("n-1", received, null), new Sighting("n-2", received, 2)),
                        List.of()));
    }

    @Test
    void whatCannotBeAskedIsNamedAndTheRestIsTold() {
        Order order = send(COMMAND, "placing");
        receptions = Result.failure(ErrorCode.UNAVAILABLE, "nobody there");
        api = asking(letters(_ -> {
            throw new CatgaException(CatgaError.of(ErrorCode.UNAVAILABLE, "no connection"));
        }));

        OrderHistory history = historyOf(order);

        assertThat(history.unknown()).containsExactly("notifications", "dead-letters");
        assertThat(history.changes()).extracting(Change::handledBy).containsExactly("service-1");
    }

    private interface Listing {
        DeadLetters.Page list(Filter filter) throws Exception;
    }

    private static DeadLetters letters(Listing listing) {
        return (DeadLetters) Proxy.newProxyInstance(
                DeadLetters.class.getClassLoader(),
                new Class<?>[] {DeadLetters.class},
                (_, _, arguments) -> listing.list((Filter) arguments[0]));
    }

    /** As they do not while nobody leads their stream: the client of NATS waits for five seconds, the edge no longer. */
    @Test
    void deadLettersThatDoNotAnswerAreWaitedForASecondAndLetGo() {
        CountDownLatch letGo = new CountDownLatch(1);
        Order order = send(COMMAND, "placing");
        api = asking(letters(_ -> {
            try {
                new CountDownLatch(1).await();
                return NO_LETTERS;
            } catch (InterruptedException e) {
                letGo.countDown();
                throw e;
            }
        }));

        OrderHistory history = assertTimeoutPreemptively(Duration.ofSeconds(4), () -> historyOf(order));

        assertThat(history.unknown()).containsExactly("dead-letters");
        assertThat(history.changes()).extracting(Change::handledBy).containsExactly("service-1");
        await().until(() -> letGo.getCount() == 0);
    }

    /** With a patience for each, the tenth would come long after the client has gone. */
    @Test
    void whatCannotBeAskedCostsSeveralOrdersNoMoreThanOne() {
        Queue<Filter> asked = new ConcurrentLinkedQueue<>();
        CyclicBarrier together = new CyclicBarrier(10);
        for (int i = 0; i < 12; i++) {
            send(COMMAND, "key-" + i);
        }
        beforeReceptions = () -> together.await(4, TimeUnit.SECONDS);
        api = asking(letters(filter -> {
            asked.add(filter);
            return NO_LETTERS;
        }));

        List<OrderHistory> found =
                api.send(new FindOrderHistoriesQuery(TRACE)).orElseThrow().orders();

        assertThat(found)
                .hasSize(10)
                .allSatisfy(history -> assertThat(history.unknown()).isEmpty());
        assertThat(asked)
                .as("for all orders at once, and not about what was there before them")
                .containsExactly(Filter.all().ofType("orders.order-created").since(NOW.minusSeconds(60)));
    }

    /** By the command that caused it: a letter whose content nobody can read is one of this order, too. */
    @Test
    void aConsumerThatGaveTheEventUpIsNamed() throws Exception {
        final class GivingUp implements EventHandler<OrderCreatedEvent> {
            @Override
            public Result<Unit> handle(OrderCreatedEvent event, MessageContext context) {
                return Result.failure(ErrorCode.CONFLICT, "not this one");
            }
        }
        Order order = send(COMMAND, "placing");
        Order other = send(COMMAND, "other");
        DefaultMediator consumer = Mediator.builder()
                .catalog(MessageCatalog.of(OrderCreatedEvent.class))
                .handler(new GivingUp())
                .build();
        try (AutoCloseable _ = network.join("n-1", consumer)) {
            Outbox.Entry first = store.take(1, Duration.ZERO).getFirst();
            network.events().publish(first.event()).toCompletableFuture().join();
            await().until(() -> network.deadLetters().stats().count() == 1);
        }

        assertThat(historyOf(order).changes().getFirst().event().deadLetters())
                .singleElement()
                .satisfies(letter -> {
                    assertThat(letter.consumer()).isEqualTo("n-1");
                    assertThat(letter.code()).isEqualTo("CONFLICT");
                    assertThat(letter.attempts()).isEqualTo(1);
                });
        assertThat(historyOf(other).changes().getFirst().event().deadLetters()).isEmpty();
    }

    /** It is stored as versions without a history stored it, and is cancelled as they would. */
    @Test
    void anOrderOfAnOlderVersionHasTheHistoryThatIsKnown() {
        String older = "{\"orderId\":\"o-1\",\"customerId\":\"ada\",\"items\":[{\"productId\":\"p\",\"quantity\":2,"
                + "\"price\":99.90}],\"totalAmount\":199.80,\"status\":\"CREATED\","
                + "\"createdAt\":\"2026-11-24T11:00:00.123Z\"}";
        store.commit(
                AtomicStep.forKey("test", "older", "", new byte[0], Duration.ofHours(1))
                        .put("order:o-1", older.getBytes(StandardCharsets.UTF_8)),
                NOW);

        assertThat(api.send(new GetOrderHistoryQuery("o-1")).orElseThrow())
                .isEqualTo(new OrderHistory(
                        "o-1",
                        OrderStatus.CREATED,
                        Instant.parse("2026-11-24T11:00:00.123Z"),
                        List.of(unknown(OrderStatus.CREATED, "OrderCreatedEvent")),
                        List.of()));

        send(new CancelOrderCommand("o-1"), "cancelling");

        assertThat(api.send(new GetOrderHistoryQuery("o-1")).orElseThrow().changes())
                .satisfiesExactly(
                        made -> assertThat(made).isEqualTo(unknown(OrderStatus.CREATED, "OrderCreatedEvent")),
                        cancelled -> assertThat(cancelled.handledBy()).isEqualTo("service-1"));
    }

    private static Change unknown(OrderStatus status, String event) {
        return new Change(status, null, null, null, null, null, null, null, unseen(event));
    }

    /** An older version expects the very bytes that it knows; a part more in the order, and it could not cancel it. */
    @Test
    void anOrderIsStoredAsOlderVersionsKnowIt() {
        Order order = send(COMMAND, "placing");

        assertThat(store.get("order:" + order.orderId(), NOW)).contains(codec.encode(order));
    }
}
