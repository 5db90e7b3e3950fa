package io.catga.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What the containers have logged since a moment. */
final class ClusterLogs {

    private static final String BALANCER = "cluster-nginx";

    /** But not that nobody takes the traces: the tests' receiver is there for {@link TraceIT} only. */
    private static final Pattern ERROR =
            Pattern.compile("\\d\\d:\\d\\d:\\d\\d\\.\\d{3} ERROR (?!Failed to export spans\\.).*");

    private static final Pattern WARNING = Pattern.compile("\\d\\d:\\d\\d:\\d\\d\\.\\d{3} WARN .*");
    /** Of nginx: more than a client's mistake. A worker that was killed is an alert. */
    private static final Pattern CRITICAL = Pattern.compile("[\\d/]+ [\\d:]+ \\[(crit|alert|emerg)].*");
    /** What turns a terminal, in ASCII and beyond, but not a tabulator. */
    private static final Pattern CONTROL = Pattern.compile("[\\p{Cc}&&[^\\t]]");

    private ClusterLogs() {}

    static List<String> since(Instant begin, String container) {
        return Shell.docker("logs", "--since", begin.toString(), container).lines();
    }

    /** Fails where a client has written a line, an application an error, or all of them more than some warnings. */
    static void assertClean(Instant begin, int warnings) {
        List<String> lines = Cluster.APPLICATIONS.stream()
                .flatMap(name -> since(begin, name).stream())
                .toList();
        assertThat(lines.stream().filter(line -> ERROR.matcher(line).matches())).isEmpty();
        assertThat(lines.stream().filter(line -> WARNING.matcher(line).matches()))
                .hasSizeLessThanOrEqualTo(warnings);
        List<String> balancer = since(begin, BALANCER);
        assertThat(balancer.stream().filter(line -> CRITICAL.matcher(line).matches()))
                .isEmpty();
        assertThat(Stream.of(lines, balancer)
                        .flatMap(List::stream)
                        .filter(ClusterLogs::isForged)
                        .limit(10))
                .isEmpty();
    }

    /** Whether a line, or what a terminal makes of it, is not its writer's. */
    static boolean isForged(String line) {
        return line.startsWith(HostileTexts.FORGED_LINE)
                || CONTROL.matcher(line).find();
    }
}
