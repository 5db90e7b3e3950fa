package io.catga.drill;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/** What drills with two data centres came to: a line for each data centre, and below what else was measured. */
final class SiteReport {

    private static final String BEGIN = "<!-- written by ./multi-dc.sh drill -->";
    private static final String END = "<!-- end of what ./multi-dc.sh drill has written -->";
    private static final Path PAGE = Path.of("docs", "two-data-centres.md");

    private static final String HEAD = """
            | drill | in | requests | failed | longest gap | P50/P95/P99 before | during | after | lost, twice, made up | events missed, handled again | kept |
            |---|---|---|---|---|---|---|---|---|---|---|
            """;

    private SiteReport() {}

    static String markdown(List<SiteExercise.Result> results) {
        StringBuilder text = new StringBuilder(HEAD);
        results.forEach(result -> result.outcomes().forEach(outcome -> text.append(line(result.drill(), outcome))));
        text.append('\n');
        results.forEach(result ->
                text.append("* `%s`: %s%n".formatted(result.drill().name(), String.join("; ", told(result)))));
        return text.toString();
    }

    private static String line(SiteDrill drill, SiteExercise.Outcome outcome) {
        Verdict verdict = outcome.verdict();
        return String.format(
                Locale.ROOT,
                "| %s (`%s`) | %s | %d | %d | %.2f s | %s | %s | %s | %d, %d, %d | %d, %d | %s |%n",
                drill.title(),
                drill.name(),
                outcome.site().name(),
                verdict.requests(),
                verdict.failed(),
                verdict.gap() / 1e6,
                Report.percentiles(verdict.before().milliseconds()),
                Report.percentiles(verdict.during().milliseconds()),
                Report.percentiles(verdict.after().milliseconds()),
                verdict.lost().size(),
                verdict.twice().size(),
                verdict.phantoms().size(),
                verdict.missedEvents().size(),
                verdict.repeatedEvents().size(),
                outcome.broken().isEmpty() ? "yes" : "**no**: " + String.join("; ", outcome.broken()));
    }

    private static List<String> told(SiteExercise.Result result) {
        return result.broken().isEmpty()
                ? result.told()
                : Stream.concat(result.told().stream(), result.broken().stream().map(what -> "**" + what + "**"))
                        .toList();
    }

    /** Everything that is known about a run. */
    static void writeHistory(SiteExercise.Result result, Path folder) throws IOException {
        Files.createDirectories(folder);
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("drill", result.drill().name());
        all.put("at", result.at().toString());
        all.put("told", result.told());
        all.put("broken", result.broken());
        for (SiteExercise.Outcome outcome : result.outcomes()) {
            Map<String, Object> there = new LinkedHashMap<>();
            there.put("broken", outcome.broken());
            there.put("verdict", outcome.verdict());
            there.put("observation", outcome.observation());
            there.put("history", outcome.history());
            all.put(outcome.site().name(), there);
        }
        Files.writeString(
                folder.resolve("multi-dc-" + result.drill().name() + ".json"), Http.JSON.writeValueAsString(all));
    }

    static void publish(String text, Path root) throws IOException {
        Path page = root.resolve(PAGE);
        Files.writeString(page, Report.replaceBetween(BEGIN, END, Files.readString(page), text));
    }
}
