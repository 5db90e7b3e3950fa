package io.catga.drill;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** {@code docs/failure-semantics.md} says of each drill what is promised in it. */
class FailureSemanticsTest {

    private static final Path PAGE = Path.of("..", "docs", "failure-semantics.md");

    /** Names of drills, the share that may fail, the longest gap, and what else. */
    private static final Pattern ROW =
            Pattern.compile("(?m)^\\| ((?:`[a-z-]+`(?:, )?)+) \\| ([^|]*) \\| ([^|]*)\\| ([^|]*)\\|$");

    private static final Map<Double, String> SHARES = Map.of(0.0, "none", 0.001, "0.1 %", 0.01, "1 %", 1.0, "all");

    @Test
    void thePageHasEveryDrillWithWhatIsPromisedInIt() throws IOException {
        List<String> told = new ArrayList<>();
        ROW.matcher(Files.readString(PAGE))
                .results()
                .forEach(row -> Pattern.compile("[a-z-]+")
                        .matcher(row.group(1))
                        .results()
                        .map(MatchResult::group)
                        .forEach(name -> told.add("%s: %s, %s, %s"
                                .formatted(
                                        name,
                                        row.group(2),
                                        row.group(3).strip(),
                                        row.group(4).strip()))));

        assertThat(told)
                .containsExactlyElementsOf(
                        Drill.all().stream().map(FailureSemanticsTest::asTold).toList());
    }

    private static String asTold(Drill drill) {
        Promise promise = drill.promise();
        return "%s: %s, %s, %s"
                .formatted(
                        drill.name(),
                        SHARES.get(promise.failedShare()),
                        seconds(promise.gap(), "%s s"),
                        further(drill));
    }

    private static String further(Drill drill) {
        if (drill.promise().noRedelivery()) {
            return "no event is delivered again";
        }
        return drill.name().equals("order-service-disconnect")
                ? "the instance works again within 5 s of its return"
                : seconds(drill.promise().refusedWithin(), "refused within %s s");
    }

    /** Nothing where it is for as long as anybody waits. */
    private static String seconds(Duration time, String text) {
        return time.compareTo(Duration.ofHours(1)) > 0
                ? ""
                : text.formatted(String.valueOf(time.toMillis() / 1000.0).replaceFirst("\\.0$", ""));
    }
}
