package io.catga.drill;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PromiseTest {

    private static final long SECOND = 1_000_000;

    private static Operation operation(int i, Outcome outcome, long took) {
        long start = i * SECOND / 10;
        String order = outcome == Outcome.ACKNOWLEDGED ? "order-" + i : null;
        return new Operation("key-" + i, false, "c", start, start + took, outcome, 0, "", order, "", "");
    }

    private static History history(int acknowledged, int failed, long took) {
        Stream<Operation> good =
                IntStream.range(0, acknowledged).mapToObj(i -> operation(i, Outcome.ACKNOWLEDGED, SECOND / 100));
        Stream<Operation> bad = IntStream.range(0, failed).mapToObj(i -> operation(i, Outcome.UNKNOWN, took));
        return new History(Stream.concat(good, bad).toList(), 0, 5 * SECOND, acknowledged * SECOND);
    }

    private static List<String> broken(Promise promise, History history) {
        List<Observation.Stored> stored = history.operations().stream()
                .filter(Operation::isAcknowledged)
                .map(operation -> new Observation.Stored(String.valueOf(operation.orderId()), operation.key()))
                .toList();
        Observation seen = new Observation(stored, Map.of(), Map.of(), Map.of(), Set.of(), 0, List.of());
        return promise.broken(Checker.judge(history, seen), history);
    }

    @ParameterizedTest
    @CsvSource({"999, 1, true", "998, 2, false"})
    void aShareOfFailuresIsAllowedAndNotMore(int acknowledged, int failed, boolean kept) {
        Promise promise = Promise.failuresBelow(0.001, Duration.ofSeconds(2));

        assertThat(broken(promise, history(acknowledged, failed, 0)).isEmpty()).isEqualTo(kept);
    }

    @Test
    void aRefusalHasToComeAtOnce() {
        Promise promise = Promise.refusal(Duration.ofSeconds(2));

        assertThat(broken(promise, history(10, 5, SECOND))).isEmpty();
        assertThat(broken(promise, history(10, 5, 3 * SECOND))).containsExactly("a failure was told after 3.00 s");
    }

    @Test
    void whoeverStillWaitsWhenItIsMendedMayWaitOn() {
        History told = history(10, 1, 3 * SECOND);
        History mendedMeanwhile = new History(told.operations(), told.broken(), 3 * SECOND / 2, told.recovered());

        assertThat(broken(Promise.refusal(Duration.ofSeconds(2)), mendedMeanwhile))
                .isEmpty();
    }

    @Test
    void whatFailsAfterAllWasHealthyAgainIsAlwaysBroken() {
        History whole = history(10, 0, 0);
        History failing = new History(
                Stream.concat(whole.operations().stream(), Stream.of(operation(11, Outcome.UNKNOWN, 0)))
                        .toList(),
                0,
                SECOND / 10,
                SECOND);

        assertThat(broken(Promise.refusal(Duration.ofSeconds(2)), failing))
                .containsExactly("1 requests failed after all was healthy again");
    }

    @ParameterizedTest
    @CsvSource({
        "201, ACKNOWLEDGED",
        "400, REFUSED",
        "422, REFUSED",
        "429, UNKNOWN",
        "500, UNKNOWN",
        "502, UNKNOWN",
        "503, UNKNOWN",
        "504, UNKNOWN"
    })
    void anAnswerSaysWhatIsKnown(int status, Outcome outcome) {
        assertThat(Load.outcome(status)).isEqualTo(outcome);
    }
}
