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
                new Sample(new OrderPage(List.of(), null), "{\"orders\":[]}"));
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
                        "orders.order-created v1",
                        "orders.order-cancelled v1");
    }
}
