package io.catga.benchmarks;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * The Markdown table of what JMH has measured: a section for each class of benchmarks, the cheapest first. Of the average
 * times of all iterations of all forks it gives the lowest, the median and the highest: with something else on the machine
 * the first is nearest to the truth, and the distance to the last says how much there was.
 */
final class Report {

    private static final String ALLOCATED = "gc.alloc.rate.norm";
    private static final List<String> HEADINGS = List.of("", "lowest ns", "median ns", "highest ns", "bytes");

    /** The parts of JMH's JSON that are of use here. */
    private record Run(
            String benchmark,
            int forks,
            int warmupIterations,
            String warmupTime,
            int measurementIterations,
            String measurementTime,
            List<String> jvmArgs,
            @Nullable Map<String, String> params,
            Metric primaryMetric,
            Map<String, Metric> secondaryMetrics) {

        /** {@code SendBenchmark.directCall} of {@code io.catga.benchmarks.SendBenchmark.directCall}. */
        String type() {
            String[] parts = benchmark.split("\\.");
            return parts[parts.length - 2].replaceFirst("Benchmark$", "");
        }

        String method() {
            return benchmark.substring(benchmark.lastIndexOf('.') + 1);
        }

        String label() {
            return params == null
                    ? words(method())
                    : params.entrySet().stream()
                            .map(param -> words(param.getKey()) + '=' + param.getValue())
                            .collect(Collectors.joining(", ", words(method()) + ", ", ""));
        }

        double[] averages() {
            return primaryMetric.rawData().stream()
                    .flatMap(Collection::stream)
                    .mapToDouble(Double::doubleValue)
                    .sorted()
                    .toArray();
        }

        String allocated() {
            Metric found = secondaryMetrics.get(ALLOCATED);
            return found == null ? "-" : String.format(Locale.ROOT, "%,.0f", found.score());
        }

        List<String> row() {
            double[] averages = averages();
            return List.of(
                    label(),
                    nanoseconds(averages[0]),
                    nanoseconds(median(averages)),
                    nanoseconds(averages[averages.length - 1]),
                    allocated());
        }
    }

    private record Metric(double score, List<List<Double>> rawData) {}

    private final Environment environment;

    Report(Environment environment) {
        this.environment = environment;
    }

    /** The report of a run, from the JSON that JMH writes. */
    String of(String json) {
        List<Run> runs = List.of(JsonMapper.shared().readValue(json, Run[].class));
        StringBuilder report = new StringBuilder("# Microbenchmarks\n\n");
        report.append("What `./microbench.sh` measured: nanoseconds and allocated bytes an operation.\n\n");
        facts(runs.getFirst()).forEach((name, value) -> report.append("* %s: %s\n".formatted(name, value)));
        Map<String, List<Run>> sections =
                runs.stream().collect(Collectors.groupingBy(Run::type, TreeMap::new, Collectors.toList()));
        sections.forEach((type, section) -> report.append(section(type, section)));
        return report.toString();
    }

    /** The question is where the benchmark is, beside the table rather than in it. */
    private static String section(String type, List<Run> runs) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(HEADINGS);
        cheapestFirst(runs).forEach(run -> rows.add(run.row()));
        String heading = words(type);
        return """

                ## %s

                The question, and what each line has: [%sBenchmark](src/main/java/io/catga/benchmarks/%sBenchmark.java)

                %s""".formatted(Character.toUpperCase(heading.charAt(0)) + heading.substring(1), type, type, table(rows));
    }

    private Map<String, String> facts(Run run) {
        Map<String, String> facts = new LinkedHashMap<>(environment.facts());
        facts.put("options of the JVM", String.join(" ", run.jvmArgs()));
        facts.put(
                "measured",
                "%d × %d iterations of %s, each time in a new JVM and after %d of %s to warm up"
                        .formatted(
                                run.forks(),
                                run.measurementIterations(),
                                run.measurementTime(),
                                run.warmupIterations(),
                                run.warmupTime()));
        return facts;
    }

    /** By the cheapest of a method's runs; those of one method, which differ by their parameters, stay together as they ran. */
    private static Stream<Run> cheapestFirst(List<Run> runs) {
        Map<String, List<Run>> byMethod =
                runs.stream().collect(Collectors.groupingBy(Run::method, LinkedHashMap::new, Collectors.toList()));
        return byMethod.values().stream()
                .sorted(Comparator.comparingDouble(Report::cheapest))
                .flatMap(Collection::stream);
    }

    private static double cheapest(List<Run> runs) {
        return runs.stream().mapToDouble(run -> run.averages()[0]).min().orElseThrow();
    }

    private static double median(double[] sorted) {
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    private static String nanoseconds(double value) {
        return String.format(Locale.ROOT, value < 100 ? "%.1f" : "%,.0f", value);
    }

    /** {@code catga with default pipeline} of {@code catgaWithDefaultPipeline}. */
    private static String words(String camelCase) {
        return camelCase.replaceAll("(?<=[a-z])(?=[A-Z])", " ").toLowerCase(Locale.ROOT);
    }

    /** With columns of one width, so that it is a table in a terminal too. */
    private static String table(List<List<String>> rows) {
        int[] widths = IntStream.range(0, HEADINGS.size())
                .map(column -> rows.stream()
                        .mapToInt(row -> row.get(column).length())
                        .max()
                        .orElse(0))
                .toArray();
        StringBuilder table = new StringBuilder(line(HEADINGS, widths));
        table.append("|-").append("-".repeat(widths[0])).append("-|");
        for (int column = 1; column < widths.length; column++) {
            table.append("-".repeat(widths[column] + 1)).append(":|");
        }
        table.append('\n');
        rows.stream().skip(1).forEach(row -> table.append(line(row, widths)));
        return table.toString();
    }

    private static String line(List<String> cells, int[] widths) {
        StringBuilder line = new StringBuilder("|");
        for (int column = 0; column < widths.length; column++) {
            String format = column == 0 ? " %-" + Math.max(1, widths[0]) + "s |" : " %" + widths[column] + "s |";
            line.append(format.formatted(cells.get(column)));
        }
        return line.append('\n').toString();
    }
}
