package io.catga.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * How the instances are: since when they run, and what they hold.
 *
 * @param containers when each was started, how often again, and whether for want of memory
 * @param threads    of each application
 * @param files      open files of each application, sockets too
 * @param heap       the part of the old generation that was in use after its last collection
 */
record Vitals(
        Map<String, String> containers,
        Map<String, Double> threads,
        Map<String, Double> files,
        Map<String, Double> heap) {

    private static final String THREADS = "jvm_threads_live_threads";
    private static final String FILES = "process_files_open_files";
    private static final String HEAP = "max by (instance) (jvm_memory_usage_after_gc{area=\"heap\"})";

    /** Compiler and carrier threads come and go. */
    private static final int MORE_THREADS = 20;
    /** Connections that nginx keeps: 64 for each of its two workers, which may all lead to one instance. */
    private static final int MORE_FILES = 150;
    /** What nobody needs stays until the old generation is collected, so this much may be there, and no more. */
    private static final double MOST_HEAP = 0.8;

    /** Two scrapes, and some time for what is closing. */
    private static final Duration SETTLED = Duration.ofSeconds(30);

    static Vitals now() {
        return new Vitals(running(), values(THREADS, THREADS), values(FILES, FILES), values(HEAP, HEAP));
    }

    private static Map<String, String> running() {
        List<String> inspect = Stream.concat(
                        Stream.of(
                                "inspect",
                                "--format",
                                "{{.Name}} {{.State.Status}} since {{.State.StartedAt}}, restarts: {{.RestartCount}},"
                                        + " out of memory: {{.State.OOMKilled}}"),
                        Cluster.containers().stream())
                .toList();
        Map<String, String> containers = new TreeMap<>();
        Shell.docker(inspect.toArray(String[]::new)).lines().forEach(line -> containers.put(line.split(" ")[0], line));
        return containers;
    }

    private static Map<String, Double> values(String query, String metric) {
        Map<String, Double> values = new TreeMap<>();
        PrometheusIT.query(query)
                .forEach(series -> values.put(
                        series.get("metric").get("instance").asString(),
                        Double.valueOf(series.get("value").get(1).asString())));
        assertThat(values.keySet()).as(metric).containsAll(Cluster.APPLICATIONS);
        return values;
    }

    /** Fails unless all are as before: running since the same time, and holding little more. */
    void assertUnharmed() {
        assertThat(running()).isEqualTo(containers);
        Instant done = Instant.now();
        await("the applications let go of what they held").atMost(SETTLED).untilAsserted(() -> {
            compare(THREADS, threads, before -> before + MORE_THREADS, done);
            compare(FILES, files, before -> before + MORE_FILES, done);
            compare(HEAP, heap, before -> MOST_HEAP, done);
        });
    }

    /** By values that are not older than the storm. */
    private static void compare(String metric, Map<String, Double> before, UnaryOperator<Double> most, Instant since) {
        String query = "(%s) and on (instance) (timestamp(%s) > %d)".formatted(metric, THREADS, since.getEpochSecond());
        Map<String, Double> now = values(query, metric);
        assertThat(Cluster.APPLICATIONS)
                .allSatisfy(name -> assertThat(now.getOrDefault(name, Double.NaN))
                        .as(metric + " of " + name + ", which was " + before.get(name))
                        .isLessThanOrEqualTo(most.apply(before.getOrDefault(name, 0.0))));
    }
}
