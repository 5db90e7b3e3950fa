package io.catga.drill;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.core.type.TypeReference;

/** What drills came to, for people and for programs. */
final class Report {

    /** Between these marks a page has the table. */
    private static final String BEGIN = "<!-- drills: written by ./drill.sh -->";

    private static final String END = "<!-- end of drills -->";

    /** The pages that have the table, in the project's folder: the README in each of its languages. */
    private static final List<String> PAGES = List.of("README.md", "README.zh-CN.md");

    /**
     * One line of the table. Times are milliseconds.
     *
     * @param recovery from mending until every container was healthy
     */
    record Row(
            String name,
            String title,
            boolean kept,
            List<String> broken,
            int requests,
            int failed,
            long gap,
            List<Long> before,
            List<Long> during,
            List<Long> after,
            int lost,
            int twice,
            int phantoms,
            int missedEvents,
            int repeatedEvents,
            long redeliveries,
            int executedAgain,
            long recovery,
            String at,
            String revision) {

        static Row of(Exercise.Result result, String revision) {
            Verdict verdict = result.verdict();
            return new Row(
                    result.drill().name(),
                    result.drill().title(),
                    result.passed(),
                    result.broken(),
                    verdict.requests(),
                    verdict.failed(),
                    verdict.gap() / 1000,
                    verdict.before().milliseconds(),
                    verdict.during().milliseconds(),
                    verdict.after().milliseconds(),
                    verdict.lost().size(),
                    verdict.twice().size(),
                    verdict.phantoms().size(),
                    verdict.missedEvents().size(),
                    verdict.repeatedEvents().size(),
                    verdict.redeliveries(),
                    verdict.executedAgain(),
                    (result.history().recovered() - result.history().mended()) / 1000,
                    result.at().toString(),
                    revision);
        }
    }

    private static final String HEAD = """
            | drill | requests | failed | longest gap | P50/P95/P99 before | during | after | lost, twice, made up | events missed, handled again | kept |
            |---|---|---|---|---|---|---|---|---|---|
            """;

    private Report() {}

    static String markdown(List<Row> rows) {
        StringBuilder table = new StringBuilder(HEAD);
        rows.forEach(row -> table.append(line(row)));
        return table.toString();
    }

    private static String line(Row row) {
        return String.format(
                Locale.ROOT,
                "| %s (`%s`) | %d | %d | %.2f s | %s | %s | %s | %d, %d, %d | %d, %d | %s |%n",
                row.title(),
                row.name(),
                row.requests(),
                row.failed(),
                row.gap() / 1000.0,
                percentiles(row.before()),
                percentiles(row.during()),
                percentiles(row.after()),
                row.lost(),
                row.twice(),
                row.phantoms(),
                row.missedEvents(),
                row.repeatedEvents(),
                row.kept() ? "yes" : "**no**: " + String.join("; ", row.broken()));
    }

    static String percentiles(List<Long> values) {
        return "%d/%d/%d ms".formatted(values.get(0), values.get(1), values.get(2));
    }

    /** Everything that is known about a run. */
    static void writeHistory(Exercise.Result result, Row row, Path folder) throws IOException {
        Files.createDirectories(folder);
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("result", row);
        all.put("done", result.done().lines().toList());
        all.put("verdict", result.verdict());
        all.put("observation", result.observation());
        all.put("history", result.history());
        Files.writeString(folder.resolve(row.name() + ".json"), Http.JSON.writeValueAsString(all));
    }

    /** Rows of earlier runs whose drill was not run this time stay. */
    static List<Row> merge(List<Row> earlier, List<Row> rows) {
        List<String> order = Drill.all().stream().map(Drill::name).toList();
        Map<String, Row> merged = new LinkedHashMap<>();
        earlier.forEach(row -> merged.put(row.name(), row));
        rows.forEach(row -> merged.put(row.name(), row));
        List<Row> sorted = new ArrayList<>(merged.values());
        sorted.removeIf(row -> !order.contains(row.name()));
        sorted.sort(Comparator.comparingInt(row -> order.indexOf(row.name())));
        return sorted;
    }

    static List<Row> read(Path file) throws IOException {
        return Files.exists(file)
                ? Http.JSON.readValue(Files.readString(file), new TypeReference<List<Row>>() {})
                : List.of();
    }

    static void write(List<Row> rows, Path file) throws IOException {
        Files.writeString(
                file, Http.JSON.writerWithDefaultPrettyPrinter().writeValueAsString(rows) + System.lineSeparator());
    }

    /** Puts the table into every page that has one. */
    static void publish(String table, Path root) throws IOException {
        for (String name : PAGES) {
            Path page = root.resolve(name);
            Files.writeString(page, replaceTable(Files.readString(page), table));
        }
    }

    /** Puts the table between the marks of a page. */
    static String replaceTable(String page, String table) {
        return replaceBetween(BEGIN, END, page, table);
    }

    /** Puts a text between two marks of a page. */
    static String replaceBetween(String begin, String end, String page, String text) {
        int from = page.indexOf(begin);
        int to = page.indexOf(end);
        if (from < 0 || to < from) {
            throw new IllegalArgumentException("the page has no place for the table");
        }
        return page.substring(0, from + begin.length()) + "\n" + text + page.substring(to);
    }
}
