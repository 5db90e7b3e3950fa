package io.catga.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.catga.ErrorCode;
import io.catga.Result;
import io.catga.test.Shop.CustomerTold;
import io.catga.test.Shop.OrderPlaced;
import io.catga.test.Shop.PlaceOrder;
import io.catga.test.Shop.Placing;
import io.catga.test.Shop.Reacting;
import io.catga.test.Shop.Telling;
import java.time.Duration;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class ScenarioTest {

    private static final Duration BRIEFLY = Duration.ofMillis(100);

    @AutoClose
    private final MediatorHarness harness = MediatorHarness.builder()
            .catalog(Shop.CATALOG)
            .member("orders", (mediator, given) -> mediator.handler(new Placing(given.unitOfWork())))
            .member("mails", (mediator, given) -> mediator.handler(new Telling(given.mediator())))
            .member(
                    "failing",
                    (mediator, _) -> mediator.handler(
                            new Reacting((event, _) -> event.order().equals("bad")
                                    ? Result.failure(ErrorCode.CONFLICT, "a bad order")
                                    : Result.done())))
            .build();

    @Test
    void waitsForAnEventThatComesLater() {
        CustomerTold told = harness.stimulate(mediator -> mediator.send(new PlaceOrder("a")))
                .andWaitForEventOfType(CustomerTold.class)
                .toArrive();

        assertThat(told).isEqualTo(new CustomerTold("a"));
    }

    @Test
    void findsTheEventThatMatchesEveryCondition() {
        harness.stimulate(mediator -> {
                    mediator.send(new PlaceOrder("a"));
                    mediator.send(new PlaceOrder("bb"));
                    return mediator.send(new PlaceOrder("b"));
                })
                .andWaitForEventOfType(OrderPlaced.class)
                .matching(event -> event.order().startsWith("b"))
                .matching("a short name", event -> event.order().length() == 1)
                .toArriveAndVerify(event -> assertThat(event.order()).isEqualTo("b"));
    }

    @Test
    void verifiesTheEventTogetherWithWhatTheStimulusReturned() {
        harness.stimulate(mediator -> mediator.send(new PlaceOrder("a")))
                .andWaitForEventOfType(OrderPlaced.class)
                .toArriveAndVerify(
                        (event, result) -> assertThat(result).isEqualTo(Result.success("placed " + event.order())));
    }

    @Test
    void doesNotTakeAnEventThatWasThereBefore() {
        harness.mediator().publish(new CustomerTold("before"));

        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> harness.stimulate(_ -> "nothing")
                        .andWaitForEventOfType(CustomerTold.class)
                        .within(BRIEFLY)
                        .toArrive())
                .withMessageContaining("Nothing was recorded since.");
    }

    @Test
    void waitsUntilAMemberHasHandledTheEvent() {
        harness.stimulate(mediator -> mediator.send(new PlaceOrder("a")))
                .andWaitForEventOfType(OrderPlaced.class)
                .handledBy("mails")
                .toArrive();

        assertThat(harness.published(CustomerTold.class)).containsExactly(new CustomerTold("a"));
    }

    @Test
    void doesNotTakeAnEventForHandledThatAMemberHasGivenUp() {
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> harness.stimulate(mediator -> mediator.publish(new OrderPlaced("bad")))
                        .andWaitForEventOfType(OrderPlaced.class)
                        .handledBy("failing")
                        .within(BRIEFLY)
                        .toArrive())
                .withMessageContaining("Expected OrderPlaced to be handled by failing within PT0.1S, but it was not")
                .withMessageContaining("became a dead letter of failing after 1 attempts: CONFLICT: a bad order");
    }

    @Test
    void waitsForADeadLetter() {
        harness.stimulate(mediator -> mediator.publish(new OrderPlaced("bad")))
                .andWaitForDeadLetterOfType(OrderPlaced.class)
                .toArriveAndVerify(event -> assertThat(event.order()).isEqualTo("bad"));
    }

    @Test
    void saysWhatItWaitedForAndAllThatArrivedInstead() {
        Scenario<Result<String>> scenario = harness.stimulate(mediator -> mediator.send(new PlaceOrder("a")));
        harness.settle();

        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> scenario.andWaitForEventOfType(CustomerTold.class)
                        .matching("order b", event -> event.order().equals("b"))
                        .matching(_ -> true)
                        .within(BRIEFLY)
                        .toArrive())
                .withMessageContainingAll(
                        "Expected CustomerTold matching order b and the given condition to be published within PT0.1S",
                        "The stimulus returned Success[value=placed a]",
                        "test sent PlaceOrder[order=a] and got placed a",
                        "OrderPlaced[order=a] was published",
                        "CustomerTold[order=a] was published",
                        "mails received OrderPlaced[order=a] (attempt 1): handled",
                        "failing received OrderPlaced[order=a] (attempt 1): handled")
                .withMessageNotContainingAny("Unfinished", "Faults");
    }

    @Test
    void saysWhatIsUnfinishedAndWhichFaultsThereWere() {
        harness.network().cutOff("mails");

        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> harness.stimulate(mediator -> mediator.publish(new OrderPlaced("a")))
                        .andWaitForEventOfType(CustomerTold.class)
                        .within(BRIEFLY)
                        .toArrive())
                .withMessageContaining("mails has not finished shop.order-placed")
                .withMessageContaining("-Dcatga.test.seed=" + harness.network().seed())
                .withMessageContaining("DELIVERY of mails, shop.order-placed #")
                .withMessageContaining("cut off");
    }

    @Test
    void refusesATimeThatIsNotPositiveAndAMemberThatThereIsNot() {
        var expected = harness.stimulate(_ -> "nothing").andWaitForEventOfType(OrderPlaced.class);

        assertThatIllegalArgumentException().isThrownBy(() -> expected.within(Duration.ZERO));
        assertThatIllegalArgumentException().isThrownBy(() -> expected.handledBy("nobody"));
    }
}
