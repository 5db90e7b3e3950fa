package io.catga.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.catga.CatgaConfigurationException;
import io.catga.ErrorCode;
import io.catga.MessageOptions;
import io.catga.Reply;
import io.catga.Result;
import io.catga.Unit;
import io.catga.test.Recorded.DeadLetter;
import io.catga.test.Recorded.Published;
import io.catga.test.Recorded.Received;
import io.catga.test.Recorded.Sent;
import io.catga.test.Shop.Asking;
import io.catga.test.Shop.CustomerTold;
import io.catga.test.Shop.IsPlaced;
import io.catga.test.Shop.OrderPlaced;
import io.catga.test.Shop.PlaceOrder;
import io.catga.test.Shop.Placing;
import io.catga.test.Shop.Reacting;
import io.catga.test.Shop.Telling;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class MediatorHarnessTest {

    private static final Duration DAY = Duration.ofHours(24);

    private static MediatorHarness shop() {
        return MediatorHarness.builder()
                .catalog(Shop.CATALOG)
                .member("orders", (mediator, given) -> mediator.handler(new Placing(given.unitOfWork())))
                .member("mails", (mediator, given) -> mediator.handler(new Telling(given.mediator())))
                .build();
    }

    @Test
    void runsAHandlerBehindTheNetworkAndBringsTheAnswer() {
        try (MediatorHarness harness = shop()) {
            Reply<String> reply = harness.mediator().exchange(new PlaceOrder("a"), MessageOptions.defaults());

            assertThat(reply).isEqualTo(new Reply<>(Result.success("placed a"), "orders", false));
            assertThat(harness.store().get("order:a", harness.clock().instant()))
                    .hasValueSatisfying(value -> assertThat(new String(value, StandardCharsets.UTF_8))
                            .isEqualTo("a"));
        }
    }

    @Test
    void recordsRequestsWithTheirResults() {
        try (MediatorHarness harness = shop()) {
            harness.mediator().send(new PlaceOrder("a"));
            harness.mediator()
                    .sendAsync(new PlaceOrder(""))
                    .toCompletableFuture()
                    .join();

            assertThat(harness.sent(PlaceOrder.class))
                    .containsExactly(
                            new Sent<>("test", new PlaceOrder("a"), Result.success("placed a")),
                            new Sent<>(
                                    "test",
                                    new PlaceOrder(""),
                                    Result.failure(ErrorCode.VALIDATION, "an order has a name")));
            assertThat(harness.sent(IsPlaced.class)).isEmpty();
        }
    }

    @Test
    void recordsWhatHandlersSend() {
        try (MediatorHarness harness = MediatorHarness.builder()
                .catalog(Shop.CATALOG)
                .member("asked", (mediator, _) -> mediator.handler(new Asking((_, _) -> Result.success(true))))
                .member(
                        "asking",
                        (mediator, given) -> mediator.handler(new Reacting((event, _) -> given.mediator()
                                .send(new IsPlaced(event.order()))
                                .map(_ -> Unit.UNIT))))
                .build()) {
            harness.mediator().publish(new OrderPlaced("a"));
            harness.settle();

            assertThat(harness.sent(IsPlaced.class))
                    .containsExactly(new Sent<>("asking", new IsPlaced("a"), Result.success(true)));
        }
    }

    @Test
    void recordsEventsFromTheOutboxAndFromHandlersAndWhoReceivedThem() {
        try (MediatorHarness harness = shop()) {
            harness.mediator().send(new PlaceOrder("a"));
            harness.settle();

            assertThat(harness.published(OrderPlaced.class)).containsExactly(new OrderPlaced("a"));
            assertThat(harness.published(CustomerTold.class)).containsExactly(new CustomerTold("a"));
            assertThat(harness.received(OrderPlaced.class))
                    .singleElement()
                    .satisfies(received -> assertThat(received.consumer()).isEqualTo("mails"))
                    .satisfies(received -> assertThat(received.event()).isEqualTo(new OrderPlaced("a")))
                    .satisfies(received -> assertThat(received.attempt()).isEqualTo(1))
                    .matches(Received::isHandled);
        }
    }

    /** Cause before effect, but for the request, whose result is there last of all that it waits for. */
    @Test
    void recordsInTheOrderOfCauseAndEffect() {
        try (MediatorHarness harness = shop()) {
            harness.mediator().publish(new OrderPlaced("a"));
            harness.settle();

            assertThat(harness.recorded())
                    .<Class<?>>extracting(Recorded::getClass)
                    .containsExactly(Published.class, Published.class, Received.class);
            assertThat(harness.recorded())
                    .extracting(Recorded::toString)
                    .containsExactly(
                            "OrderPlaced[order=a] was published",
                            "CustomerTold[order=a] was published",
                            "mails received OrderPlaced[order=a] (attempt 1): handled");
        }
    }

    @Test
    void hidesFromHandlersThatTheyAreTested() {
        Queue<String> headers = new ConcurrentLinkedQueue<>();
        try (MediatorHarness harness = MediatorHarness.of(
                Shop.CATALOG,
                (mediator, _) -> mediator.handler(new Asking((_, context) -> {
                            headers.addAll(context.metadata().headers().keySet());
                            return Result.success(true);
                        }))
                        .handler(new Reacting((_, context) -> {
                            headers.addAll(context.metadata().headers().keySet());
                            return Result.done();
                        })))) {
            harness.mediator().send(new IsPlaced("a"), MessageOptions.defaults().withHeader("mine", "1"));
            harness.mediator()
                    .publish(new OrderPlaced("a"), MessageOptions.defaults().withHeader("also-mine", "1"));
            harness.settle();

            assertThat(headers).containsExactlyInAnyOrder("mine", "also-mine");
            assertThat(harness.recorded())
                    .filteredOn(Published.class::isInstance)
                    .allSatisfy(recorded -> assertThat(((Published<?>) recorded).headers())
                            .containsKey("also-mine")
                            .doesNotContainKey("Catga-Test-Sender"));
        }
    }

    @Test
    void recordsADeadLetterAfterTheLastAttempt() {
        try (MediatorHarness harness = MediatorHarness.builder()
                .catalog(Shop.CATALOG)
                .redelivery(2, Duration.ofMillis(1))
                .member(
                        "failing",
                        (mediator, _) -> mediator.handler(
                                new Reacting((_, _) -> Result.failure(ErrorCode.UNAVAILABLE, "not today"))))
                .build()) {
            harness.mediator().publish(new OrderPlaced("a"));
            harness.settle();

            assertThat(harness.received(OrderPlaced.class))
                    .extracting(Received::attempt)
                    .containsExactly(1, 2);
            assertThat(harness.deadLetters()).singleElement().satisfies(letter -> {
                assertThat(letter.consumer()).isEqualTo("failing");
                assertThat(letter.event()).isEqualTo(new OrderPlaced("a"));
                assertThat(letter.cause()).isEqualTo("UNAVAILABLE: not today");
                assertThat(letter.attempts()).isEqualTo(2);
            });
        }
    }

    @Test
    void settlesWhenAHandlerThatTakesItsTimeIsDone() {
        CountDownLatch waiting = new CountDownLatch(1);
        Queue<String> handled = new ConcurrentLinkedQueue<>();
        try (MediatorHarness harness = MediatorHarness.of(
                Shop.CATALOG,
                (mediator, _) -> mediator.handler(new Reacting((event, _) -> {
                    TransportCompatibilityKitNodes.opens(waiting, Duration.ofMillis(100));
                    handled.add(event.order());
                    return Result.done();
                })))) {
            harness.mediator().publish(new OrderPlaced("a"));

            harness.settle();

            assertThat(handled).containsExactly("a");
        }
    }

    @Test
    void saysWhatIsUnfinishedWhereItDoesNotSettle() {
        CountDownLatch end = new CountDownLatch(1);
        try (MediatorHarness harness = MediatorHarness.builder()
                .catalog(Shop.CATALOG)
                .timeLimit(Duration.ofMillis(50))
                .member(
                        "slow",
                        (mediator, _) -> mediator.handler(new Reacting((_, _) -> {
                            TransportCompatibilityKitNodes.opens(end, Duration.ofSeconds(10));
                            return Result.done();
                        })))
                .build()) {
            harness.mediator().publish(new OrderPlaced("a"));

            assertThatExceptionOfType(AssertionError.class)
                    .isThrownBy(harness::settle)
                    .withMessageContaining("Expected quiet within PT0.05S")
                    .withMessageContaining("slow has not finished shop.order-placed")
                    .withMessageContaining("OrderPlaced[order=a] was published");
            end.countDown();
        }
    }

    @Test
    void repeatsTheRecordedAnswerUntilTheClockIsBeyondTheRetention() {
        try (MediatorHarness harness = shop()) {
            MessageOptions keyed = MessageOptions.defaults().withIdempotencyKey("key");
            assertThat(harness.mediator().exchange(new PlaceOrder("a"), keyed).replayed())
                    .isFalse();

            harness.clock().advance(DAY.minusSeconds(1));
            assertThat(harness.mediator().exchange(new PlaceOrder("a"), keyed).replayed())
                    .isTrue();

            harness.clock().advance(Duration.ofSeconds(2));
            assertThat(harness.mediator().exchange(new PlaceOrder("a"), keyed).replayed())
                    .isFalse();
        }
    }

    @Test
    void refusesWorkWhoseDeadlineHasPassedByTheManualClock() {
        try (MediatorHarness harness = MediatorHarness.of(
                Shop.CATALOG,
                (mediator, given) -> mediator.handler(new Placing(given.unitOfWork()))
                        .handler(new Asking((_, _) -> {
                            given.clock().advance(Duration.ofMinutes(1));
                            return given.mediator().send(new PlaceOrder("late")).map(_ -> true);
                        })))) {
            Result<Boolean> result = harness.mediator().send(new IsPlaced("a"));

            assertThat(result)
                    .isInstanceOfSatisfying(
                            Result.Failure.class,
                            failure -> assertThat(failure.error().code()).isEqualTo(ErrorCode.DEADLINE_EXCEEDED));
            assertThat(harness.published(OrderPlaced.class)).isEmpty();
        }
    }

    @Test
    void takesTheClockThatItIsGiven() {
        ManualClock clock = ManualClock.at(Instant.EPOCH);
        try (MediatorHarness harness =
                MediatorHarness.builder().catalog(Shop.CATALOG).clock(clock).build()) {
            assertThat(harness.clock()).isSameAs(clock);
        }
    }

    @Test
    void givesTheMediatorOfAMember() {
        try (MediatorHarness harness = shop()) {
            assertThat(harness.mediator("orders").send(new PlaceOrder("a")).isSuccess())
                    .isTrue();

            assertThat(harness.sent(PlaceOrder.class)).extracting(Sent::sender).containsExactly("orders");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> harness.mediator("ordres"))
                    .withMessage("there is no member 'ordres'; there are orders, mails, test");
        }
    }

    @Test
    void sharesRequestsBetweenMembersThatHandleTheSame() {
        try (MediatorHarness harness = MediatorHarness.builder()
                .catalog(Shop.CATALOG)
                .member("one", (mediator, given) -> mediator.handler(new Placing(given.unitOfWork())))
                .member("two", (mediator, given) -> mediator.handler(new Placing(given.unitOfWork())))
                .build()) {
            MessageOptions keyed = MessageOptions.defaults().withIdempotencyKey("key");
            Reply<String> first = harness.mediator().exchange(new PlaceOrder("a"), keyed);
            Reply<String> second = harness.mediator().exchange(new PlaceOrder("a"), keyed);

            assertThat(List.of(String.valueOf(first.handledBy()), String.valueOf(second.handledBy())))
                    .containsExactlyInAnyOrder("one", "two");
            assertThat(second.replayed()).isTrue();
        }
    }

    @Test
    void saysWhenAHandlerSendsBeforeThereIsAMediator() {
        assertThatIllegalStateException()
                .isThrownBy(() -> MediatorHarness.of(
                        Shop.CATALOG, (_, given) -> given.mediator().send(new PlaceOrder("too early"))))
                .withMessageContaining("while the harness was being built");
    }

    @Test
    void reportsAMemberThatCannotBeBuilt() {
        assertThatExceptionOfType(CatgaConfigurationException.class)
                .isThrownBy(() -> MediatorHarness.of(
                        Shop.CATALOG,
                        (mediator, given) -> mediator.handler(new Placing(given.unitOfWork()))
                                .handler(new Placing(given.unitOfWork()))))
                .withMessageContaining("PlaceOrder has two handlers");
    }

    @Test
    void refusesASecondMemberOfTheSameNameAndTheNamesOfItsOwn() {
        MediatorHarnessBuilder builder = MediatorHarness.builder().member("orders", (_, _) -> {});

        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.member("orders", (_, _) -> {}))
                .withMessageContaining("two members are named 'orders'");
        assertThatIllegalArgumentException().isThrownBy(() -> builder.member("test", (_, _) -> {}));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.member("outbox", (_, _) -> {}));
    }

    @Test
    void refusesTimesAndAttemptsThatMakeNoSense() {
        MediatorHarnessBuilder builder = MediatorHarness.builder();

        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.timeLimit(Duration.ZERO))
                .withMessage("timeLimit must be positive, but was PT0S");
        assertThatIllegalArgumentException().isThrownBy(() -> builder.retention(Duration.ofSeconds(-1)));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.redelivery(0, Duration.ofMillis(1)));
    }

    @Test
    void recordsSayInWordsWhatTheySaw() {
        assertThat(new Sent<>("test", new PlaceOrder("a"), Result.failure(ErrorCode.CONFLICT, "no")))
                .hasToString("test sent PlaceOrder[order=a] and got CONFLICT: no");
        assertThat(new DeadLetter("mails", new OrderPlaced("a"), "id", "INTERNAL: no", 3))
                .hasToString("OrderPlaced[order=a] became a dead letter of mails after 3 attempts: INTERNAL: no");
    }

    /** A type that can be written but not read is a mistake of a user that is hard to find in production. */
    @Test
    void recordsAnEventThatCannotBeReadBack() {
        try (MediatorHarness harness = MediatorHarness.builder()
                .catalog(Shop.CATALOG)
                .codec(new WriteOnlyCodec())
                .member("consumer", (mediator, _) -> mediator.handler(new Reacting((_, _) -> Result.done())))
                .build()) {
            harness.mediator().publish(new OrderPlaced("a"));
            harness.settle();

            assertThat(harness.deadLetters()).singleElement().satisfies(letter -> {
                assertThat(letter.cause()).startsWith("UNREADABLE");
                assertThat(letter.event()).isInstanceOf(Recorded.Unreadable.class);
                assertThat(letter.event().toString()).contains("an unreadable shop.order-placed");
            });
        }
    }
}
