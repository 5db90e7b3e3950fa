package io.catga.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import io.catga.benchmarks.Microbenchmarks.Effort;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openjdk.jmh.runner.options.VerboseMode;

class MicrobenchmarksTest {

    /** In this JVM, for as long as it takes to see that none of them fails. */
    private static final Effort ONCE = new Effort(0, 0, Duration.ofMillis(1), 1, Duration.ofMillis(1));

    @Test
    void runsEachBenchmarkAndReportsIt(@TempDir Path directory) throws Exception {
        Path json = directory.resolve("once.json");

        Microbenchmarks.run(".*", ONCE, VerboseMode.SILENT, json);

        assertThat(new Report(new Environment(Map.of())).of(Files.readString(json)))
                .contains("## Codec", "## Handler count", "## Idempotency", "## Publish", "## Send", "## Transport")
                .contains("| direct call ", "| catga with default pipeline ", "| axon command gateway ")
                .contains("| each type in turn, handlers=200 ")
                .doesNotContain("NaN");
    }
}
