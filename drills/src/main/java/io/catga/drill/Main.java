package io.catga.drill;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;

/** The command line of drill.sh, which says in its usage what the arguments are. */
public final class Main {

    private static final int CLIENTS = 10;
    private static final int PER_SECOND = 50;
    private static final Path RESULTS = Path.of("drills", "results.json");

    private Main() {}

    /** Ends with 0 if every promise of every drill was kept, with 1 if not, and with 2 for wrong arguments or where Docker fails. */
    public static void main(String[] arguments) throws Exception {
        List<String> names = new ArrayList<>();
        Map<String, String> options = new HashMap<>();
        for (int i = 0; i < arguments.length; i++) {
            switch (arguments[i]) {
                case "--seed", "--minutes", "--clients", "--rate" -> {
                    if (i + 1 == arguments.length || !arguments[i + 1].matches("[1-9]\\d{0,8}")) {
                        throw wrong(arguments[i] + " needs a number, at least 1");
                    }
                    options.put(arguments[i], arguments[++i]);
                }
                case "--record" -> options.put("--record", "");
                default -> names.add(arguments[i]);
            }
        }
        if (names.equals(List.of("list"))) {
            Drill.all().forEach(drill -> System.out.printf("%-26s %s%n", drill.name(), drill.title()));
            return;
        }
        List<Drill> chosen = choose(names, options);
        try {
            System.exit(run(chosen, options, options.containsKey("--record") || names.contains("all")) ? 0 : 1);
        } catch (Docker.Failed failed) {
            throw wrong(String.valueOf(failed.getMessage()));
        }
    }

    private static RuntimeException wrong(String what) {
        System.err.println("error: " + what);
        System.exit(2);
        return new IllegalStateException(what);
    }

    private static List<Drill> choose(List<String> names, Map<String, String> options) {
        if (names.equals(List.of("random"))) {
            if (!options.keySet().containsAll(List.of("--seed", "--minutes"))) {
                throw wrong("random needs --seed and --minutes");
            }
            return List.of(RandomFaults.drill(
                    Long.parseLong(options.get("--seed")),
                    Duration.ofMinutes(Long.parseLong(options.get("--minutes")))));
        }
        List<Drill> all = Drill.all();
        List<Drill> chosen = names.stream()
                .flatMap(name -> name.equals("all")
                        ? all.stream()
                        : all.stream().filter(drill -> drill.name().equals(name)))
                .toList();
        List<String> unknown = names.stream()
                .filter(name -> !name.equals("all")
                        && all.stream().noneMatch(drill -> drill.name().equals(name)))
                .toList();
        if (names.isEmpty() || !unknown.isEmpty()) {
            throw wrong("no drill has the name " + (names.isEmpty() ? "''" : String.join(", ", unknown))
                    + "; './drill.sh list' shows all");
        }
        return chosen;
    }

    private static boolean run(List<Drill> drills, Map<String, String> options, boolean record) throws Exception {
        Path root = Path.of("").toAbsolutePath();
        Path folder = root.resolve(".cluster").resolve("drills");
        Http http = new Http("http://127.0.0.1:8080");
        Cluster cluster = new Cluster(new Docker(root), http);
        String revision = revision(root);
        Exercise exercise = new Exercise(
                cluster, http, number(options, "--clients", CLIENTS), number(options, "--rate", PER_SECOND));
        AtomicBoolean whole = new AtomicBoolean();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            if (!whole.get()) {
                System.err.println("mending what the drill broke");
                cluster.restore();
            }
        }));
        List<Report.Row> rows = new ArrayList<>();
        for (Drill drill : drills) {
            System.out.printf("%s: %s%n", drill.name(), drill.title());
            Exercise.Result result = exercise.run(drill);
            Report.Row row = Report.Row.of(result, revision);
            Report.writeHistory(result, row, folder);
            rows.add(row);
            print(row, result);
            if (record) {
                record(root, row);
            }
        }
        whole.set(true);
        String table = Report.markdown(rows);
        Files.writeString(folder.resolve("table.md"), table);
        System.out.printf("%n%s%nhistories: %s%n", table, folder);
        return rows.stream().allMatch(Report.Row::kept);
    }

    private static int number(Map<String, String> options, String name, int otherwise) {
        return options.containsKey(name) ? Integer.parseInt(options.get(name)) : otherwise;
    }

    private static void record(Path root, Report.Row row) throws IOException {
        List<Report.Row> all = Report.merge(Report.read(root.resolve(RESULTS)), List.of(row));
        Report.write(all, root.resolve(RESULTS));
        Report.publish(Report.markdown(all), root);
    }

    private static void print(Report.Row row, Exercise.Result result) {
        result.done().lines().limit(1).forEach(line -> System.out.println("  " + line));
        System.out.printf(
                Locale.ROOT,
                "  %s: %d requests, %d failed, longest gap %.2f s; lost %d, twice %d, made up %d; events missed %d, handled"
                        + " again %d, delivered again %d; commands handled again %d; healthy %.1f s after mending%n",
                row.kept() ? "kept" : "BROKEN",
                row.requests(),
                row.failed(),
                row.gap() / 1000.0,
                row.lost(),
                row.twice(),
                row.phantoms(),
                row.missedEvents(),
                row.repeatedEvents(),
                row.redeliveries(),
                row.executedAgain(),
                row.recovery() / 1000.0);
        row.broken().forEach(promise -> System.out.println("    " + promise));
        if (row.failed() > 0) {
            System.out.println("    failures by second: " + result.verdict().failures());
            Stream<Operation> failed =
                    result.history().operations().stream().filter(operation -> !operation.isAcknowledged());
            failed.limit(5)
                    .forEach(operation -> System.out.printf(
                            Locale.ROOT,
                            "    at %.2f s for %.2f s: %d %s, served by %s%n",
                            operation.start() / 1e6,
                            operation.took() / 1e6,
                            operation.status(),
                            operation.detail(),
                            operation.servedBy()));
        }
    }

    private static String revision(Path root) throws IOException, InterruptedException {
        Process git = new ProcessBuilder("git", "rev-parse", "--short", "HEAD")
                .directory(root.toFile())
                .redirectErrorStream(true)
                .start();
        String said = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        return git.waitFor() == 0 ? said : "unknown";
    }
}
