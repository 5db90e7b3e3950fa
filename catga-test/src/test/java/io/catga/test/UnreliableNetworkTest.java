package io.catga.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import io.catga.CatgaError;
import io.catga.CatgaException;
import io.catga.ErrorCode;
import io.catga.Event;
import io.catga.test.Shop.CustomerTold;
import io.catga.test.Shop.OrderPlaced;
import io.catga.test.Shop.PlaceOrder;
import io.catga.transport.Delivery;
import io.catga.transport.EventBus;
import io.catga.transport.InboundMessages;
import io.catga.transport.RequestTransport;
import io.catga.transport.WireMessage;
import io.catga.transport.WireReply;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;

/** One list of tests for each kind of fault at each of the three ports, hence its length. */
class UnreliableNetworkTest {

    private static final Duration SOON = Duration.ofSeconds(10);
    private static final WireReply REPLY = new WireReply(Map.of("outcome", "done"), new byte[0]);
    private static final WireReply REJECTION = new WireReply(Map.of("outcome", "rejected"), new byte[0]);
    private static final Delivery HANDLED = new Delivery.Handled();
    private static final Delivery AGAIN = new Delivery.Again();

    private final UnreliableNetwork network = UnreliableNetwork.seeded(1);
    private final Queue<String> arrived = new ConcurrentLinkedQueue<>();

    private final RequestTransport requests = network.around("client", (RequestTransport) (request, _) -> {
        arrived.add(request.messageId());
        return REPLY;
    });

    private final EventBus bus = network.around("publisher", (EventBus) event -> {
        arrived.add(event.messageId());
        return CompletableFuture.allOf();
    });

    private final InboundMessages handlers = new Handlers();
    private final InboundMessages receiver = network.around("receiver", handlers);

    /** A receiver that handles everything. */
    private final class Handlers implements InboundMessages {

        @Override
        public Set<String> requestTypes() {
            return Set.of("shop.place-order");
        }

        @Override
        public Set<String> eventTypes() {
            return Set.of("shop.order-placed");
        }

        @Override
        public WireReply onRequest(WireMessage request) {
            arrived.add(request.messageId());
            return REPLY;
        }

        @Override
        public WireReply refuse(WireMessage request) {
            return REJECTION;
        }

        @Override
        public WireReply reject(WireMessage request, CatgaError error) {
            assertThat(error.code()).isEqualTo(ErrorCode.UNAVAILABLE);
            return REJECTION;
        }

        @Override
        public Delivery onEvent(WireMessage event, int attempt, boolean lastAttempt) {
            arrived.add(event.messageId());
            return HANDLED;
        }
    }

    private static WireMessage command(String id) {
        return new WireMessage("shop.place-order", id, Map.of(), id.getBytes(StandardCharsets.UTF_8));
    }

    private static WireMessage event(String id) {
        return new WireMessage("shop.order-placed", id, Map.of(), id.getBytes(StandardCharsets.UTF_8));
    }

    private WireReply request(String id) {
        return requests.request(command(id), Instant.MAX);
    }

    private void assertNoAnswerTo(String id) {
        assertThatExceptionOfType(CatgaException.class)
                .isThrownBy(() -> request(id))
                .satisfies(failure -> assertThat(failure.error().code()).isEqualTo(ErrorCode.UNAVAILABLE))
                .withMessageContaining("shop.place-order " + id);
    }

    private static void assertFails(CompletableFuture<Void> publishing) {
        assertThat(publishing)
                .failsWithin(SOON)
                .withThrowableThat()
                .havingCause()
                .isInstanceOfSatisfying(
                        CatgaException.class,
                        failure -> assertThat(failure.error().code()).isEqualTo(ErrorCode.UNAVAILABLE));
    }

    @Test
    void doesNothingToAMessageWhileItIsNotTold() {
        assertThat(request("a")).isEqualTo(REPLY);
        assertThat(bus.publish(event("b"))).isCompleted();
        assertThat(receiver.onRequest(command("c"))).isEqualTo(REPLY);
        assertThat(receiver.onEvent(event("d"), 1, false)).isEqualTo(HANDLED);

        assertThat(arrived).containsExactly("a", "b", "c", "d");
        assertThat(network.injected()).isEmpty();
    }

    @Test
    void losesARequest() {
        network.strikeNext(Crossing.REQUEST, PlaceOrder.class, Fault.LOST);

        assertNoAnswerTo("a");

        assertThat(arrived).isEmpty();
        assertThat(request("a")).isEqualTo(REPLY);
    }

    @Test
    void losesTheAnswerToARequestThatWasHandled() {
        network.strikeNext(Crossing.REQUEST, PlaceOrder.class, Fault.ANSWER_LOST);

        assertNoAnswerTo("a");

        assertThat(arrived).containsExactly("a");
    }

    @Test
    void repeatsARequestAndBringsTheAnswer() {
        network.strikeNext(Crossing.REQUEST, PlaceOrder.class, Fault.REPEATED);

        assertThat(request("a")).isEqualTo(REPLY);

        assertThat(arrived).containsExactly("a", "a");
    }

    @Test
    void delaysARequest() {
        network.apply(FaultRates.none().withDelayed(1, Duration.ofMillis(40)));
        long begun = System.nanoTime();

        assertThat(request("a")).isEqualTo(REPLY);

        Duration took = Duration.ofNanos(System.nanoTime() - begun);
        assertThat(network.injected())
                .singleElement()
                .satisfies(fault -> assertThat(fault.time()).isPositive().isLessThanOrEqualTo(took));
    }

    @Test
    void holdsARequestBackUntilAnotherHasOvertakenIt() {
        network.apply(FaultRates.none().withReordered(0, SOON.multipliedBy(10)));
        network.strikeNext(Crossing.REQUEST, PlaceOrder.class, Fault.REORDERED);
        CompletableFuture<WireReply> held = CompletableFuture.supplyAsync(() -> request("first"));
        await().atMost(SOON).until(() -> !network.injected().isEmpty());

        // more than one, for the first may be waiting to wait yet
        await().atMost(SOON).until(() -> request("second").equals(REPLY) && held.isDone());

        assertThat(held).succeedsWithin(SOON).isEqualTo(REPLY);
        assertThat(arrived).startsWith("second").contains("first");
    }

    @Test
    void letsARequestGoThatNobodyOvertakes() {
        network.apply(FaultRates.none().withReordered(1, Duration.ofMillis(10)));

        assertThat(request("a")).isEqualTo(REPLY);
    }

    @Test
    void losesAnEventOnItsWayToTheBus() {
        network.strikeNext(Crossing.PUBLISHING, OrderPlaced.class, Fault.LOST);

        assertFails(bus.publish(event("a")));

        assertThat(arrived).isEmpty();
    }

    @Test
    void losesTheConfirmationOfAnEventThatTheBusHas() {
        network.strikeNext(Crossing.PUBLISHING, OrderPlaced.class, Fault.ANSWER_LOST);

        assertFails(bus.publish(event("a")));

        assertThat(arrived).containsExactly("a");
    }

    @Test
    void repeatsAnEvent() {
        network.strikeNext(Crossing.PUBLISHING, OrderPlaced.class, Fault.REPEATED);

        assertThat(bus.publish(event("a"))).succeedsWithin(SOON);

        assertThat(arrived).containsExactly("a", "a");
    }

    @Test
    void delaysAnEventButNotItsPublisher() {
        network.apply(FaultRates.none().withDelayed(1, Duration.ofMillis(40)));
        long begun = System.nanoTime();

        assertThat(bus.publish(event("a"))).succeedsWithin(SOON);

        assertThat(network.injected().getFirst().time().toNanos())
                .isPositive()
                .isLessThanOrEqualTo(System.nanoTime() - begun);
    }

    @Test
    void changesTheOrderOfTwoEventsOfOnePublisher() {
        network.apply(FaultRates.none().withReordered(0, SOON.multipliedBy(10)));
        network.strikeNext(Crossing.PUBLISHING, OrderPlaced.class, Fault.REORDERED);

        CompletableFuture<Void> held = bus.publish(event("first"));
        await().atMost(SOON).until(() -> {
            bus.publish(event("second"));
            return held.isDone();
        });

        assertThat(arrived).startsWith("second").contains("first");
    }

    @Test
    void tellsTheFailureOfTheBusItself() {
        EventBus broken = network.around("publisher", (EventBus)
                _ -> CompletableFuture.failedFuture(new CatgaException(ErrorCode.UNAVAILABLE, "no bus")));

        assertFails(broken.publish(event("a")));
        network.strikeNext(Crossing.PUBLISHING, OrderPlaced.class, Fault.REPEATED);
        assertFails(broken.publish(event("b")));
    }

    @Test
    void losesADeliveryWhichIsThenDueAgain() {
        network.strikeNext(Crossing.DELIVERY, OrderPlaced.class, Fault.LOST);

        assertThat(receiver.onEvent(event("a"), 1, true)).isEqualTo(AGAIN);
        assertThat(arrived).isEmpty();

        assertThat(receiver.onEvent(event("a"), 2, true)).isEqualTo(HANDLED);
        assertThat(arrived).containsExactly("a");
    }

    @Test
    void losesTheAcknowledgementOfAnEventThatWasHandled() {
        network.strikeNext(Crossing.DELIVERY, OrderPlaced.class, Fault.ANSWER_LOST);

        assertThat(receiver.onEvent(event("a"), 1, true)).isEqualTo(AGAIN);

        assertThat(arrived).containsExactly("a");
    }

    @Test
    void deliversAnEventTwice() {
        network.strikeNext(Crossing.DELIVERY, OrderPlaced.class, Fault.REPEATED);

        assertThat(receiver.onEvent(event("a"), 1, false)).isEqualTo(HANDLED);

        assertThat(arrived).containsExactly("a", "a");
    }

    @Test
    void hasTheSameFaultsForRequestsWhereOnlyTheReceiverIsDecorated() {
        network.strikeNext(Crossing.REQUEST, PlaceOrder.class, Fault.LOST)
                .strikeNext(Crossing.REQUEST, PlaceOrder.class, Fault.ANSWER_LOST)
                .strikeNext(Crossing.REQUEST, PlaceOrder.class, Fault.REPEATED);

        assertThat(receiver.onRequest(command("lost"))).isEqualTo(REJECTION);
        assertThat(receiver.onRequest(command("vain"))).isEqualTo(REJECTION);
        assertThat(receiver.onRequest(command("twice"))).isEqualTo(REPLY);

        assertThat(arrived).containsExactly("vain", "twice", "twice");
    }

    @Test
    void hitsARequestOnceWhereBothEndsAreDecorated() {
        RequestTransport direct =
                network.around("client", (RequestTransport) (request, _) -> receiver.onRequest(request));
        network.strikeNext(Crossing.REQUEST, PlaceOrder.class, Fault.REPEATED)
                .strikeNext(Crossing.REQUEST, PlaceOrder.class, Fault.LOST);

        assertThat(direct.request(command("a"), Instant.MAX)).isEqualTo(REPLY);

        assertThat(arrived).containsExactly("a", "a");
    }

    @Test
    void cutsAMemberOffFromEverybodyUntilItIsHealed() {
        network.cutOff("client");
        network.cutOff("publisher");
        network.cutOff("receiver");

        assertNoAnswerTo("a");
        assertFails(bus.publish(event("b")));
        assertThat(receiver.onRequest(command("c"))).isEqualTo(REJECTION);
        assertThat(receiver.onEvent(event("d"), 1, false)).isEqualTo(AGAIN);
        assertThat(receiver.onEvent(event("d"), 2, false)).isEqualTo(AGAIN);
        assertThat(arrived).isEmpty();
        assertThat(network.injected()).hasSize(4).allMatch(fault -> fault.fault() == Fault.CUT_OFF);

        network.heal();

        assertThat(request("a")).isEqualTo(REPLY);
        assertThat(bus.publish(event("b"))).isCompleted();
        assertThat(receiver.onEvent(event("d"), 3, false)).isEqualTo(HANDLED);
    }

    @Test
    void keepsTwoMembersApartThatOthersCanReach() {
        InboundMessages other = network.around("other", handlers);
        RequestTransport near =
                network.around("client", (RequestTransport) (request, _) -> receiver.onRequest(request));
        RequestTransport far = network.around("client", (RequestTransport) (request, _) -> other.onRequest(request));

        network.keepApart("receiver", "client");

        assertThat(near.request(command("a"), Instant.MAX)).isEqualTo(REJECTION);
        assertThat(far.request(command("b"), Instant.MAX)).isEqualTo(REPLY);
        network.heal();
        assertThat(near.request(command("c"), Instant.MAX)).isEqualTo(REPLY);
        assertThat(arrived).containsExactly("b", "c");
    }

    @Test
    void keepsTheEventsOfOneMemberFromAnother() {
        Queue<Delivery> deliveries = new ConcurrentLinkedQueue<>();
        EventBus direct = network.around("publisher", (EventBus) event -> {
            deliveries.add(receiver.onEvent(event, 1, false));
            return CompletableFuture.allOf();
        });

        network.keepApart("publisher", "receiver");
        assertThat(direct.publish(event("a"))).isCompleted();
        network.heal();
        assertThat(direct.publish(event("a"))).isCompleted();

        assertThat(deliveries).containsExactly(AGAIN, HANDLED);
    }

    @Test
    void doesNotLetTheAnswerOfAMemberOutThatIsCutOffMeanwhile() {
        InboundMessages surprised = network.around("receiver", (InboundMessages) new Surprise());

        assertThat(surprised.onRequest(command("a"))).isEqualTo(REJECTION);
        network.heal();
        assertThat(surprised.onEvent(event("b"), 1, false)).isEqualTo(AGAIN);

        assertThat(arrived).containsExactly("a", "b");
    }

    /** Is cut off while it works. */
    private final class Surprise implements InboundMessages {

        @Override
        public Set<String> requestTypes() {
            return handlers.requestTypes();
        }

        @Override
        public Set<String> eventTypes() {
            return handlers.eventTypes();
        }

        @Override
        public WireReply onRequest(WireMessage request) {
            network.cutOff("receiver");
            return handlers.onRequest(request);
        }

        @Override
        public WireReply refuse(WireMessage request) {
            return handlers.refuse(request);
        }

        @Override
        public WireReply reject(WireMessage request, CatgaError error) {
            return handlers.reject(request, error);
        }

        @Override
        public Delivery onEvent(WireMessage event, int attempt, boolean lastAttempt) {
            network.cutOff("receiver");
            return handlers.onEvent(event, attempt, lastAttempt);
        }
    }

    @Test
    void hasRatesForOneCrossingAlone() {
        network.apply(Crossing.DELIVERY, FaultRates.none().withLost(1));

        assertThat(request("a")).isEqualTo(REPLY);
        assertThat(receiver.onEvent(event("b"), 1, false)).isEqualTo(AGAIN);

        network.apply(FaultRates.none());
        assertThat(receiver.onEvent(event("b"), 2, false)).isEqualTo(HANDLED);
    }

    @Test
    void strikesOnlyTheTypeAndTheCrossingThatItIsToldOf() {
        network.strikeNext(Crossing.DELIVERY, OrderPlaced.class, Fault.LOST)
                .strikeNext(Crossing.PUBLISHING, CustomerTold.class, Fault.LOST);

        assertThat(bus.publish(event("a"))).isCompleted();

        assertThat(receiver.onEvent(event("a"), 1, false)).isEqualTo(AGAIN);
    }

    @Test
    void saysWhatHappenedToWhichMessage() {
        network.strikeNext(Crossing.REQUEST, PlaceOrder.class, Fault.LOST);

        assertNoAnswerTo("key-1");

        assertThat(network.injected())
                .containsExactly(new InjectedFault(
                        Crossing.REQUEST, "client", "shop.place-order 'key-1'", 1, Fault.LOST, Duration.ZERO))
                .first()
                .hasToString("REQUEST of client, shop.place-order 'key-1', no. 1: lost");
    }

    @Test
    void refusesWhatCannotHappen() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> network.strikeNext(Crossing.DELIVERY, OrderPlaced.class, Fault.REORDERED))
                .withMessageContaining("strike at PUBLISHING");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> network.strikeNext(Crossing.REQUEST, PlaceOrder.class, Fault.CUT_OFF))
                .withMessageContaining("cutOff");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> network.strikeNext(Crossing.REQUEST, Event.class, Fault.LOST))
                .withMessageContaining("@MessageType");
    }

    @Test
    void saysWhichMembersThereAreWhereANameIsWrong() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> network.cutOff("cleint"))
                .withMessageContaining("'cleint'")
                .withMessageContaining("client");
        assertThatIllegalArgumentException().isThrownBy(() -> network.keepApart("client", "nobody"));
    }

    @Test
    void passesOnWhatIsNoMessage() {
        assertThat(receiver.requestTypes()).isEqualTo(handlers.requestTypes());
        assertThat(receiver.eventTypes()).isEqualTo(handlers.eventTypes());
        assertThat(List.of(receiver.refuse(command("a")))).containsExactly(REJECTION);
    }
}
