package io.catga.orders;

import static org.assertj.core.api.Assertions.assertThat;

import io.catga.MessageDescriptor;
import io.catga.codec.JacksonCodec;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What is on the wire, in stored events and in recorded answers must stay readable. Where one of these texts has to
 * change, the version of its message has to be raised, and an upcaster to read the text that stands here now.
 */
class OrderMessagesTest {

    private static final Instant THEN = Instant.parse("2026-11-24T12:00:00.123Z");
    private static final Money PRICE = Money.of(new BigDecimal("99.90"));
    private static final List<OrderLine> LINES = List.of(new OrderLine("p", 2, PRICE));

    private static final String HISTORY = """
            {"orderId":"o","status":"CANCELLED","createdAt":"2026-11-24T12:00:00.123Z","changes":[\
            {"status":"CREATED","messageId":"m","traceId":"t","acceptedBy":"api-1",\
            "acceptedAt":"2026-11-24T12:00:00.123Z","attempt":1,"handledBy":"service-1",\
            "storedAt":"2026-11-24T12:00:00.123Z","event":{"type":"OrderCreatedEvent","eventId":"e",\
            "publishedAt":"2026-11-24T12:00:00.123Z",\
            "seenBy":[{"instance":"n-1","at":"2026-11-24T12:00:00.123Z","attempt":1}],\
            "deadLetters":[{"id":"7","consumer":"n-2","at":"2026-11-24T12:00:00.123Z","code":"INTERNAL",\
            "attempts":8}]}},\
            {"status":"CANCELLED","event":{"type":"OrderCancelledEvent","seenBy":[],"deadLetters":[]}}],\
            "unknown":["notifications"]}""";

    private record Sample(Object value, String text) {}

    private final JacksonCodec codec = new JacksonCodec();

    static Stream<Sample> messages() {
        return Stream.of(
                new Sample(
                        new CreateOrderCommand("c", LINES),
                        "{\"customerId\":\"c\",\"items\":[{\"productId\":\"p\",\"quantity\":2,\"price\":99.90}]}"),
                new Sample(new CancelOrderCommand("o"), "{\"orderId\":\"o\"}"),
                new Sample(new GetOrderQuery("o"), "{\"orderId\":\"o\"}"),
                new Sample(new ListOrdersQuery(null, 10, null), "{\"limit\":10}"),
                new Sample(new GetOrderHistoryQuery("o"), "{\"orderId\":\"o\"}"),
                new Sample(new FindOrderHistoriesQuery("key"), "{\"id\":\"key\"}"),
                new Sample(new GetReceptionsQuery("o"), "{\"orderId\":\"o\"}"),
                new Sample(
                        new OrderCreatedEvent("o", "c", PRICE, THEN),
                        "{\"orderId\":\"o\",\"customerId\":\"c\",\"totalAmount\":99.90,"
                                + "\"createdAt\":\"2026-11-24T12:00:00.123Z\"}"),
                new Sample(
                        new OrderCancelledEvent("o", "c", THEN),
                        "{\"orderId\":\"o\",\"customerId\":\"c\",\"cancelledAt\":\"2026-11-24T12:00:00.123Z\"}"));
    }

    static Stream<Sample> answers() {
        Order order = new Order("o", "c", LINES, PRICE.times(2), OrderStatus.CREATED, THEN);
        String text = "{\"orderId\":\"o\",\"customerId\":\"c\","
                + "\"items\":[{\"productId\":\"p\",\"quantity\":2,\"price\":99.90}],"
                + "\"totalAmount\":199.80,\"status\":\"CREATED\",\"createdAt\":\"2026-11-24T12:00:00.123Z\"}";
        return Stream.of(
                new Sample(order, text),
                new Sample(new OrderPage(List.of(order), "o"), "{\"orders\":[" + text + "],\"nextCursor\":\"o\"}"),
                new Sample(new OrderPage(List.of(), null), "{\"orders\":[]}"),
                new Sample(new OrderHistories(List.of(history())), "{\"orders\":[" + HISTORY + "]}"),
                new Sample(history(), HISTORY),
                new Sample(
                        new Receptions(List.of(
                                new Receptions.Reception("e", "OrderCreatedEvent", "n-1", THEN, THEN, 2),
                                new Receptions.Reception("e", "OrderCreatedEvent", "n-2", THEN, null, null))),
                        "{\"receptions\":[{\"eventId\":\"e\",\"type\":\"OrderCreatedEvent\",\"instance\":\"n-1\","
                                + "\"receivedAt\":\"2026-11-24T12:00:00.123Z\","
                                + "\"publishedAt\":\"2026-11-24T12:00:00.123Z\",\"attempt\":2},"
                                + "{\"eventId\":\"e\",\"type\":\"OrderCreatedEvent\",\"instance\":\"n-2\","
                                + "\"receivedAt\":\"2026-11-24T12:00:00.123Z\"}]}"));
    }

    private static OrderHistory history() {
        return new OrderHistory(
                "o",
                OrderStatus.CANCELLED,
                THEN,
                List.of(
                        new OrderHistory.Change(
                                OrderStatus.CREATED,
                                "m",
                                "t",
                                "api-1",
                                THEN,
                                1,
                                "service-1",
                                THEN,
                                new OrderHistory.Announcement(
                                        "OrderCreatedEvent",
                                        "e",
                                        THEN,
                                        List.of(new OrderHistory.Sighting("n-1", THEN, 1)),
                                        List.of(new OrderHistory.GivenUp("7", "n-2", THEN, "INTERNAL", 8)))),
                        new OrderHistory.Change(
                                OrderStatus.CANCELLED,
                                null,
                                null,
                                null,
                                null,
                                null,
                                null,
                                null,
                                new OrderHistory.Announcement(
                                        "OrderCancelledEvent", null, null, List.of(), List.of()))),
                List.of("notifications"));
    }

    @ParameterizedTest
    @MethodSource({"messages", "answers"})
    void areWrittenAndReadAsEver(Sample sample) {
        assertThat(codec.encode(sample.value()))
                .asString(StandardCharsets.UTF_8)
                .isEqualTo(sample.text());
        assertThat(codec.<Object>decode(
                        sample.text().getBytes(StandardCharsets.UTF_8),
                        sample.value().getClass()))
                .isEqualTo(sample.value());
    }

    @Test
    void areAllHere() {
        assertThat(messages().<Class<?>>map(sample -> sample.value().getClass()))
                .containsExactlyInAnyOrderElementsOf(OrderMessages.CATALOG.descriptors().stream()
                        .<Class<?>>map(MessageDescriptor::type)
                        .toList());
    }

    @Test
    void keepTheirNamesAndVersions() {
        assertThat(OrderMessages.CATALOG.descriptors())
                .extracting(type -> type.name() + " v" + type.version())
                .containsExactlyInAnyOrder(
                        "orders.create-order v1",
                        "orders.cancel-order v1",
                        "orders.get-order v1",
                        "orders.list-orders v1",
                        "orders.get-order-history v1",
                        "orders.find-order-histories v1",
                        "notifications.get-receptions v1",
                        "orders.order-created v1",
                        "orders.order-cancelled v1");
    }
}
