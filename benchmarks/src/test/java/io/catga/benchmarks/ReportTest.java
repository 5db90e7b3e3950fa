package io.catga.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class ReportTest {

    private static final Report REPORT = new Report(new Environment(Map.of("machine", "a quick one")));

    private static String run(String benchmark, String params, String averages) {
        return """
                {"benchmark": "io.catga.benchmarks.%s", "forks": 2, "jvmArgs": ["-Xmx1g"], "params": %s,
                 "warmupIterations": 3, "warmupTime": "500 ms", "measurementIterations": 2, "measurementTime": "300 ms",
                 "primaryMetric": {"score": 1, "scoreError": "NaN", "rawData": %s},
                 "secondaryMetrics": {"gc.alloc.rate.norm": {"score": 1234.5, "rawData": []}}}
                """.formatted(benchmark, params, averages);
    }

    @Test
    void givesTheLowestTheMedianAndTheHighestOfAllForks() {
        assertThat(REPORT.of('[' + run("SendBenchmark.directCall", "null", "[[4, 1234.5], [2.25, 3]]") + ']'))
                .contains("## Send\n")
                .contains("| direct call |       2.3 |       3.5 |      1,235 | 1,235 |\n");
    }

    @Test
    void saysWhereAndHowItWasMeasured() {
        assertThat(REPORT.of('[' + run("SendBenchmark.directCall", "null", "[[1]]") + ']'))
                .contains("* machine: a quick one\n")
                .contains("* options of the JVM: -Xmx1g\n")
                .contains(
                        "* measured: 2 × 2 iterations of 300 ms, each time in a new JVM and after 3 of 500 ms to warm up\n");
    }

    @Test
    void putsTheCheapestFirstAndKeepsTheRunsOfOneBenchmarkTogether() {
        String report = REPORT.of("["
                + run("SendBenchmark.slow", "null", "[[9]]") + ','
                + run("SendBenchmark.each", "{\"handlers\": \"1\"}", "[[5]]") + ','
                + run("SendBenchmark.each", "{\"handlers\": \"200\"}", "[[10]]") + ']');

        assertThat(report).containsSubsequence("| each, handlers=1 ", "| each, handlers=200 ", "| slow ");
    }

    @Test
    void findsTheVersionsOfLibrariesInTheNamesOfTheirFiles() {
        assertThat(Environment.versions(
                        "/m2/pipelinr/0.11/pipelinr-0.11.jar:/m2/x/jmh-core-1.37.jar:/m2/other-1.0.jar"))
                .isEqualTo("pipelinr 0.11, jmh-core 1.37");
    }
}
