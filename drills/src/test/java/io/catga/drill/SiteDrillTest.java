package io.catga.drill;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** {@code docs/two-data-centres.md} says of each drill what is promised in it. */
class SiteDrillTest {

    private static final Path PAGE = Path.of("..", "docs", "two-data-centres.md");

    /** A drill, what is done, and for each data centre the share that may fail and the longest gap. */
    private static final Pattern ROW =
            Pattern.compile("(?m)^\\| `([a-z-]+)` \\| ([^|]*) \\| ([^|]*) \\| ([^|]*)\\| ([^|]*) \\| ([^|]*) \\|$");

    private static final Map<Double, String> SHARES = Map.of(0.0, "none", 1.0, "all");

    @Test
    void thePageHasEveryDrillWithWhatIsPromisedInIt() throws IOException {
        List<String> told = ROW.matcher(Files.readString(PAGE))
                .results()
                .map(row -> "%s: %s; %s %s; %s %s"
                        .formatted(
                                row.group(1),
                                row.group(2),
                                row.group(3),
                                row.group(4).strip(),
                                row.group(5),
                                row.group(6)))
                .toList();

        assertThat(told)
                .containsExactlyElementsOf(
                        SiteDrill.all().stream().map(SiteDrillTest::asTold).toList());
    }

    private static String asTold(SiteDrill drill) {
        return "%s: %s; %s; %s".formatted(drill.name(), drill.title(), asTold(drill.first()), asTold(drill.second()));
    }

    private static String asTold(Promise promise) {
        Duration gap = promise.gap();
        return SHARES.get(promise.failedShare()) + " "
                + (gap.compareTo(Duration.ofHours(1)) > 0 ? "" : gap.toSeconds() + " s");
    }
}
