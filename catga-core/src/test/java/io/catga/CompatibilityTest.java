package io.catga;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.catga.codec.JsonUpcaster;
import io.catga.transport.DeadLetter;
import io.catga.transport.DeadLetters;
import io.catga.transport.InMemoryNetwork;
import io.catga.transport.InboundMessages;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

/** Two releases of one system on the same network, each with classes of its own for the same messages. */
class CompatibilityTest {

    /** The release that is running. */
    private static final class Older {

        private static final MessageCatalog CATALOG =
                MessageCatalog.of(Book.class, Quote.class, Reserve.class, Booked.class, Priced.class);

        @MessageType("trips.book")
        record Book(String trip) implements Command<Booking> {}

        record Booking(String trip) {}

        @MessageType("trips.quote")
        record Quote(String trip, BigDecimal amount) implements Query<String> {}

        @MessageType("trips.reserve")
        record Reserve(String trip) implements Command<Unit> {}

        @MessageType("trips.booked")
        record Booked(String trip) implements Event {}

        @MessageType("trips.priced")
        record Priced(String trip, BigDecimal amount) implements Event {}
    }

    /** The release that is coming. */
    private static final class Newer {

        private static final MessageCatalog CATALOG =
                MessageCatalog.of(Book.class, Quote.class, Reserve.class, Booked.class, Priced.class);

        /** Has a field more, which may be absent: the same version. */
        @MessageType("trips.book")
        record Book(String trip, @Nullable String seat) implements Command<Booking> {}

        record Booking(String trip, @Nullable String seat) {}

        /** Version 2 had a currency, version 3 has price and currency in one. */
        @MessageType(value = "trips.quote", version = 3)
        record Quote(String trip, Price price) implements Query<String> {}

        record Price(BigDecimal amount, String currency) {}

        /** Has a field more, which must be there; its author has forgotten to raise the version. */
        @MessageType("trips.reserve")
        record Reserve(String trip, String seat) implements Command<Unit> {}

        @MessageType("trips.booked")
        record Booked(String trip, @Nullable String seat) implements Event {}

        @MessageType(value = "trips.priced", version = 2)
        record Priced(String trip, Price price) implements Event {}

        static MediatorBuilder release() {
            return Mediator.builder()
                    .catalog(CATALOG)
                    .upcaster(new JsonUpcaster("trips.quote", 1, quote -> quote.put("currency", "EUR")))
                    .upcaster(new JsonUpcaster("trips.quote", 2, quote -> {
                        ObjectNode price = quote.putObject("price");
                        price.set("amount", quote.remove("amount"));
                        price.set("currency", quote.remove("currency"));
                    }))
                    .upcaster(new JsonUpcaster(
                            "trips.priced",
                            1,
                            priced -> priced.putObject("price")
                                    .put("currency", "EUR")
                                    .set("amount", priced.remove("amount"))));
        }
    }

    private final InMemoryNetwork network = new InMemoryNetwork(Clock.systemUTC(), 3, Duration.ofMillis(1));
    private final Queue<Object> received = new ConcurrentLinkedQueue<>();
    private final List<AutoCloseable> members = new ArrayList<>();

    @AfterEach
    void leave() throws Exception {
        for (AutoCloseable member : members) {
            member.close();
        }
    }

    private Mediator sender(MediatorBuilder release) {
        return release.requestTransport(network.requests())
                .eventBus(network.events())
                .build();
    }

    private Mediator olderSender() {
        return sender(Mediator.builder().catalog(Older.CATALOG));
    }

    private Mediator newerSender() {
        return sender(Newer.release());
    }

    private void join(String consumer, InboundMessages service) {
        members.add(network.join(consumer, service));
    }

    private void startOlderService() {
        join(
                "older",
                Mediator.builder()
                        .catalog(Older.CATALOG)
                        .handler(Older.Book.class, (book, context) -> Result.success(new Older.Booking(book.trip())))
                        .handler(Older.Quote.class, (quote, context) -> Result.success(quote.amount() + " for all"))
                        .handler(Older.Reserve.class, (reserve, context) -> Result.done())
                        .handler(Older.Booked.class, (booked, context) -> receive(booked))
                        .handler(Older.Priced.class, (priced, context) -> receive(priced))
                        .build());
    }

    private DefaultMediator newerService() {
        return Newer.release()
                .handler(Newer.Book.class, (book, context) -> Result.success(new Newer.Booking(book.trip(), "1A")))
                .handler(
                        Newer.Quote.class,
                        (quote, context) -> Result.success(
                                quote.price().amount() + " " + quote.price().currency()))
                .handler(Newer.Reserve.class, (reserve, context) -> Result.done())
                .handler(Newer.Booked.class, (booked, context) -> receive(booked))
                .handler(Newer.Priced.class, (priced, context) -> receive(priced))
                .build();
    }

    private Result<Unit> receive(Event event) {
        received.add(event);
        return Result.done();
    }

    private static CatgaError errorOf(Result<?> result) {
        assertThat(result).isInstanceOf(Result.Failure.class);
        return ((Result.Failure<?>) result).error();
    }

    @Test
    void aNewerServiceDoesWithoutAFieldThatMayBeAbsentAndAnOlderSenderIgnoresOneInTheAnswer() {
        join("newer", newerService());

        assertThat(olderSender().send(new Older.Book("Rome"))).isEqualTo(Result.success(new Older.Booking("Rome")));
    }

    @Test
    void anOlderServiceIgnoresAFieldThatItDoesNotKnow() {
        startOlderService();

        assertThat(newerSender().send(new Newer.Book("Rome", "2B")))
                .isEqualTo(Result.success(new Newer.Booking("Rome", null)));
    }

    @Test
    void aNewerServiceReadsAnOlderVersionStepByStep() {
        join("newer", newerService());

        assertThat(olderSender().send(new Older.Quote("Rome", new BigDecimal("99.90"))))
                .isEqualTo(Result.success("99.90 EUR"));
    }

    @Test
    void anOlderServiceRefusesANewerVersionSayingWhich() {
        startOlderService();

        CatgaError error =
                errorOf(newerSender().send(new Newer.Quote("Rome", new Newer.Price(new BigDecimal("99.90"), "USD"))));

        assertThat(error.code()).isEqualTo(ErrorCode.UNREADABLE);
        assertThat(error.message()).contains("trips.quote has version 3", "reads up to version 1");
    }

    @Test
    void aNewerServiceNamesTheFieldThatAnOlderSenderCannotKnow() {
        join("newer", newerService());

        CatgaError error = errorOf(olderSender().send(new Older.Reserve("Rome")));

        assertThat(error.code()).isEqualTo(ErrorCode.UNREADABLE);
        assertThat(error.message()).contains("the required field seat is missing");
    }

    @Test
    void aNewerConsumerReadsTheEventsOfAnOlderSender() {
        join("newer", newerService());
        Mediator sender = olderSender();

        sender.publish(new Older.Booked("Rome"));
        sender.publish(new Older.Priced("Rome", new BigDecimal("99.90")));

        await().untilAsserted(() -> assertThat(received)
                .containsExactly(
                        new Newer.Booked("Rome", null),
                        new Newer.Priced("Rome", new Newer.Price(new BigDecimal("99.90"), "EUR"))));
    }

    @Test
    void anOlderConsumerReadsWhatItCanOfANewerSenderAndGivesUpTheRestAtOnce() {
        startOlderService();
        Mediator sender = newerSender();

        sender.publish(new Newer.Priced("Rome", new Newer.Price(BigDecimal.ONE, "USD")));
        sender.publish(new Newer.Booked("Rome", "2B"));

        await().untilAsserted(() -> assertThat(received).containsExactly(new Older.Booked("Rome")));
        assertThat(deadLetters()).singleElement().satisfies(letter -> {
            assertThat(letter.attempts()).isEqualTo(1);
            assertThat(letter.code()).isEqualTo(ErrorCode.UNREADABLE);
            assertThat(letter.cause()).contains("trips.priced has version 2");
        });
    }

    @Test
    void whatAnOlderConsumerGaveUpIsHandledWhenItIsReplayedAfterTheUpdate() throws Exception {
        startOlderService();
        newerSender().publish(new Newer.Priced("Rome", new Newer.Price(BigDecimal.ONE, "USD")));
        await().until(() -> !deadLetters().isEmpty());
        leave();
        members.clear();
        join("older", newerService());

        network.deadLetters().replay(DeadLetters.Filter.all());

        await().untilAsserted(() ->
                assertThat(received).containsExactly(new Newer.Priced("Rome", new Newer.Price(BigDecimal.ONE, "USD"))));
        assertThat(deadLetters()).isEmpty();
    }

    private List<DeadLetter> deadLetters() {
        return network.deadLetters().list(DeadLetters.Filter.all(), null, 10).letters();
    }

    @Test
    void eachReleaseIsServedByBothSideBySide() {
        join("newer", newerService());
        startOlderService();
        Mediator older = olderSender();
        Mediator newer = newerSender();

        for (int i = 0; i < 4; i++) {
            assertThat(older.send(new Older.Book("Rome"))).isEqualTo(Result.success(new Older.Booking("Rome")));
            assertThat(newer.send(new Newer.Book("Rome", null)).isSuccess()).isTrue();
        }
    }
}
