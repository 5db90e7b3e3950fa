package io.catga.test;

import static org.assertj.core.api.Assertions.assertThat;

import io.catga.CatgaError;
import io.catga.MessageOptions;
import io.catga.Reply;
import io.catga.Result;
import io.catga.Unit;
import io.catga.store.UnitOfWork;
import io.catga.test.Recorded.Received;
import io.catga.test.Shop.OrderPlaced;
import io.catga.test.Shop.PlaceOrder;
import io.catga.test.Shop.Placing;
import io.catga.test.Shop.Reacting;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What the library promises, on a network that keeps none of a network's. */
class ExactlyOnceUnderFaultsTest {

    private static final List<String> ORDERS =
            IntStream.range(0, 60).mapToObj(i -> "order-" + i).toList();

    /** Enough for one of them to get through, by far. */
    private static final int ATTEMPTS = 1_000;

    @RegisterExtension
    final UnreliableNetwork network = UnreliableNetwork.create()
            .apply(FaultRates.none()
                    .withLost(0.2)
                    .withAnswerLost(0.2)
                    .withRepeated(0.3)
                    .withDelayed(0.2, Duration.ofMillis(5))
                    .withReordered(0.2, Duration.ofMillis(5)));

    private final Queue<String> calls = new ConcurrentLinkedQueue<>();
    private final Queue<String> applied = new ConcurrentLinkedQueue<>();

    @AutoClose
    private final MediatorHarness harness = MediatorHarness.builder()
            .catalog(Shop.CATALOG)
            .network(network)
            .timeLimit(Duration.ofSeconds(30))
            .member("orders-1", (mediator, given) -> mediator.handler(new Placing(given.unitOfWork(), calls)))
            .member("orders-2", (mediator, given) -> mediator.handler(new Placing(given.unitOfWork(), calls)))
            .member("mails", (mediator, given) -> {
                UnitOfWork inbox = given.unitOfWork().forConsumer("mails");
                mediator.handler(new Reacting((event, context) -> {
                    Result<Unit> handled = inbox.commit(context, Unit.UNIT, UnaryOperator.identity(), List.of());
                    if (handled.isSuccess() && !context.isReplayed()) {
                        applied.add(event.order());
                    }
                    return handled;
                }));
            })
            .build();

    /** What a client does: the same command with the same key until there is an answer. */
    private Reply<String> placeUntilAnswered(String order) {
        MessageOptions keyed = MessageOptions.defaults().withIdempotencyKey(order);
        return Stream.generate(() -> harness.mediator().exchange(new PlaceOrder(order), keyed))
                .limit(ATTEMPTS)
                .filter(reply -> !isRetried(reply.result()))
                .findFirst()
                .orElseThrow();
    }

    private static boolean isRetried(Result<?> result) {
        return result instanceof Result.Failure<?>(CatgaError error)
                && error.code().isRetried();
    }

    @Test
    void handlesEachCommandOnceAndEachEventOnceForItsConsumer() throws Exception {
        List<Reply<String>> replies = TransportCompatibilityKitNodes.inParallel(ORDERS.stream()
                .<Callable<Reply<String>>>map(order -> () -> placeUntilAnswered(order))
                .toList());
        harness.settle();

        assertThat(replies)
                .extracting(Reply::result)
                .containsExactlyElementsOf(ORDERS.stream()
                        .map(order -> Result.success("placed " + order))
                        .toList());
        assertThat(calls).hasSizeGreaterThan(ORDERS.size());
        assertThat(harness.published(OrderPlaced.class))
                .extracting(OrderPlaced::order)
                .containsExactlyInAnyOrderElementsOf(ORDERS);
        assertThat(harness.received(OrderPlaced.class)).hasSizeGreaterThan(ORDERS.size());
        assertThat(applied).containsExactlyInAnyOrderElementsOf(ORDERS);
        assertThat(harness.deadLetters()).isEmpty();
    }

    @Test
    void catchesUpWithWhatAMemberMissedWhileItWasCutOff() {
        network.apply(FaultRates.none());
        network.cutOff("mails");
        network.cutOff(MediatorHarness.OUTBOX);
        ORDERS.forEach(this::placeUntilAnswered);
        assertThat(harness.published(OrderPlaced.class)).isEmpty();

        network.heal();
        harness.settle();

        assertThat(applied).containsExactlyElementsOf(ORDERS);
        assertThat(harness.received(OrderPlaced.class)).allMatch(Received::isHandled);
    }
}
