package io.catga.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.core.type.TypeReference;

/** What scenarios came to, for people and for programs. */
final class Report {

    /** Between these marks a page has the table. */
    private static final String BEGIN = "<!-- benchmark: written by ./bench.sh -->";

    private static final String END = "<!-- end of benchmark -->";

    /** The pages that have the table, in the project's folder: the README in each of its languages. */
    private static final List<String> PAGES = List.of("README.md", "README.zh-CN.md");

    private static final String LOADS = """
            | scenario | load | a second | P50 | P99 | failed | processor time each |
            |---|---|---|---|---|---|---|
            """;

    private static final String FIGURES = """

            | scenario | figure | |
            |---|---|---|
            """;

    /** Figures of each of many parts are for the longer page. */
    private static final List<String> LONG = List.of("raw: ", "memory of cluster-");

    private Report() {}

    /** The short form, for the README. */
    static String summary(List<Outcome> outcomes) {
        if (outcomes.isEmpty()) {
            return "Nothing is recorded yet: `./bench.sh --record` does.\n";
        }
        StringBuilder text = new StringBuilder(where(outcomes)).append('\n').append(LOADS);
        for (Outcome outcome : outcomes) {
            outcome.measurements().forEach(measured -> text.append(load(outcome.scenario(), measured)));
        }
        text.append(FIGURES);
        for (Outcome outcome : outcomes) {
            outcome.figures().forEach((name, figure) -> {
                if (LONG.stream().noneMatch(name::startsWith)) {
                    text.append("| `%s` | %s | %s |\n".formatted(outcome.scenario(), name, show(figure)));
                }
            });
        }
        return text.toString();
    }

    private static String where(List<Outcome> outcomes) {
        Outcome first = outcomes.getFirst();
        List<String> revisions =
                outcomes.stream().map(Outcome::revision).distinct().toList();
        return "%s, at revision %s; medians, and the range of the rounds.\n"
                .formatted(first.environment().getOrDefault("machine", "a machine"), String.join(", ", revisions));
    }

    private static String load(String scenario, Measurement measured) {
        return "| `%s` | %s | %s | %s ms | %s ms | %s | %s ms |\n"
                .formatted(
                        scenario,
                        measured.name(),
                        show(measured.figure(Measurement.PER_SECOND)),
                        show(measured.figure(Measurement.P50)),
                        show(measured.figure(Measurement.P99)),
                        failed(measured),
                        show(measured.figure(Measurement.PROCESSOR)));
    }

    private static String failed(Measurement measured) {
        return Long.toString(
                measured.failures().values().stream().mapToLong(Long::longValue).sum());
    }

    /** Everything but the histograms. */
    static String everything(List<Outcome> outcomes) {
        StringBuilder text = new StringBuilder("""
                # What the order cluster can do

                Written by `./bench.sh --record`; what each scenario does is said in the README. Each figure is the median of the
                rounds, with the least and the most of them behind it. The histograms of latencies, of each round, are in
                results.json, in HdrHistogram's compressed form.
                """);
        for (Outcome outcome : outcomes) {
            text.append("\n## %s\n\n".formatted(outcome.scenario()));
            text.append("%s, revision %s. %s. %s.\n"
                    .formatted(
                            outcome.at(), outcome.revision(), pairs(outcome.environment()), pairs(outcome.settings())));
            outcome.notes().forEach(note -> text.append('\n').append(note).append('\n'));
            if (!outcome.measurements().isEmpty()) {
                text.append(loads(outcome.measurements())).append(processors(outcome.measurements()));
            }
            if (!outcome.figures().isEmpty()) {
                text.append("\n| figure | |\n|---|---|\n");
                outcome.figures().forEach((name, figure) -> text.append("| %s | %s |\n".formatted(name, show(figure))));
            }
        }
        return text.toString();
    }

    private static String loads(List<Measurement> measurements) {
        List<String> columns = List.copyOf(measurements.getFirst().figures().keySet());
        StringBuilder text = new StringBuilder("\n| load | ")
                .append(String.join(" | ", columns))
                .append(" |\n|---|")
                .append("---|".repeat(columns.size()))
                .append('\n');
        for (Measurement measured : measurements) {
            text.append("| ").append(measured.name());
            columns.forEach(column -> text.append(" | ").append(show(measured.figure(column))));
            text.append(" |\n");
        }
        for (Measurement measured : measurements) {
            if (!measured.failures().isEmpty()) {
                text.append("\nFailures of '%s', all rounds together: %s.\n"
                        .formatted(measured.name(), pairs(measured.failures())));
            }
        }
        return text.toString();
    }

    private static String processors(List<Measurement> measurements) {
        Map<String, List<String>> lines = new TreeMap<>();
        for (Measurement measured : measurements) {
            measured.processor().keySet().forEach(who -> lines.put(who, new ArrayList<>()));
        }
        lines.forEach((who, line) -> measurements.forEach(measured -> {
            Figure figure = measured.processor().get(who);
            line.add(figure == null ? "" : String.format(Locale.ROOT, "%.3f", figure.median()));
        }));
        StringBuilder text = new StringBuilder("\n| processor ms each | ")
                .append(String.join(
                        " | ", measurements.stream().map(Measurement::name).toList()))
                .append(" |\n|---|")
                .append("---|".repeat(measurements.size()))
                .append('\n');
        lines.forEach((who, line) -> text.append("| %s | %s |\n".formatted(who, String.join(" | ", line))));
        return text.toString();
    }

    private static String pairs(Map<String, ?> of) {
        return String.join(
                ", ",
                of.entrySet().stream()
                        .map(pair -> pair.getKey() + ": " + pair.getValue())
                        .toList());
    }

    static String show(Figure figure) {
        String median = show(figure.median());
        String min = show(figure.min());
        String max = show(figure.max());
        return min.equals(max) ? median : "%s (%s to %s)".formatted(median, min, max);
    }

    private static String show(double number) {
        double size = Math.abs(number);
        if (size >= 100 || number == Math.rint(number)) {
            return String.format(Locale.ROOT, "%.0f", number);
        }
        return String.format(Locale.ROOT, size >= 10 ? "%.1f" : "%.2f", number);
    }

    // --- files ---

    /** Outcomes of earlier runs whose scenario was not run this time stay. */
    static List<Outcome> merge(List<Outcome> earlier, List<Outcome> now) {
        List<String> order = List.copyOf(Scenario.all().keySet());
        Map<String, Outcome> merged = new LinkedHashMap<>();
        earlier.forEach(outcome -> merged.put(outcome.scenario(), outcome));
        now.forEach(outcome -> merged.put(outcome.scenario(), outcome));
        return merged.values().stream()
                .filter(outcome -> order.contains(outcome.scenario()))
                .sorted(Comparator.comparingInt(outcome -> order.indexOf(outcome.scenario())))
                .toList();
    }

    static List<Outcome> read(Path file) throws IOException {
        return Files.exists(file)
                ? Json.MAPPER.readValue(Files.readString(file), new TypeReference<List<Outcome>>() {})
                : List.of();
    }

    static String json(List<Outcome> outcomes) {
        return Json.MAPPER.writeValueAsString(outcomes) + "\n";
    }

    /** Puts a table into every page that has one. */
    static void publish(String table, Path root) throws IOException {
        for (String name : PAGES) {
            Path page = root.resolve(name);
            Files.writeString(page, replace(Files.readString(page), table));
        }
    }

    /** Puts a table between the marks of a page. */
    static String replace(String page, String table) {
        int from = page.indexOf(BEGIN);
        int to = page.indexOf(END);
        if (from < 0 || to < from) {
            throw new IllegalArgumentException("the page has no place for the table, between " + BEGIN + " and " + END);
        }
        return page.substring(0, from + BEGIN.length()) + "\n" + table + page.substring(to);
    }
}
