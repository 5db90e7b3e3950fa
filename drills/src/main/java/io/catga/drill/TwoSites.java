package io.catga.drill;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicBoolean;

/** The command line of {@code multi-dc.sh drill}, which says in its usage what the arguments are. */
public final class TwoSites {

    private TwoSites() {}

    /** Ends with 0 if every promise was kept, with 1 if not, and with 2 for wrong arguments or where Docker fails. */
    public static void main(String[] arguments) throws Exception {
        List<String> names = new ArrayList<>(List.of(arguments));
        boolean record = names.remove("--record");
        List<SiteDrill> all = SiteDrill.all();
        List<String> unknown = names.stream()
                .filter(name -> all.stream().noneMatch(drill -> drill.name().equals(name)))
                .toList();
        if (!unknown.isEmpty()) {
            throw wrong("no drill has the name %s; there are %s"
                    .formatted(
                            String.join(", ", unknown),
                            String.join(", ", all.stream().map(SiteDrill::name).toList())));
        }
        if (record && !names.isEmpty()) {
            throw wrong("--record is for all drills together, as they are one table");
        }
        try {
            System.exit(
                    run(
                                    all.stream()
                                            .filter(drill -> names.isEmpty() || names.contains(drill.name()))
                                            .toList(),
                                    record)
                            ? 0
                            : 1);
        } catch (Docker.Failed failed) {
            throw wrong(String.valueOf(failed.getMessage()));
        }
    }

    private static RuntimeException wrong(String what) {
        System.err.println("error: " + what);
        System.exit(2);
        return new IllegalStateException(what);
    }

    private static boolean run(List<SiteDrill> drills, boolean record) throws Exception {
        Path root = Path.of("").toAbsolutePath();
        Path folder = root.resolve(".cluster").resolve("drills");
        DataCentres sites = new DataCentres(new Docker(root));
        AtomicBoolean whole = new AtomicBoolean();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            if (!whole.get()) {
                System.err.println("mending what the drill broke");
                sites.restore();
            }
        }));
        SiteExercise exercise = new SiteExercise(sites);
        List<SiteExercise.Result> results = new ArrayList<>();
        for (SiteDrill drill : drills) {
            System.out.printf("%s: %s%n", drill.name(), drill.title());
            SiteExercise.Result result = exercise.run(drill);
            SiteReport.writeHistory(result, folder);
            results.add(result);
            print(result);
        }
        whole.set(true);
        String text = SiteReport.markdown(results);
        if (record) {
            SiteReport.publish(text, root);
        }
        System.out.printf("%n%s%nhistories: %s%n", text, folder);
        return results.stream().allMatch(SiteExercise.Result::passed);
    }

    private static void print(SiteExercise.Result result) {
        result.told().forEach(what -> System.out.println("  " + what));
        result.broken().forEach(what -> System.out.println("  BROKEN: " + what));
        for (SiteExercise.Outcome outcome : result.outcomes()) {
            Verdict verdict = outcome.verdict();
            System.out.printf(
                    Locale.ROOT,
                    "  %s %s: %d requests, %d failed, longest gap %.2f s; lost %d, twice %d, made up %d; events missed %d,"
                            + " handled again %d%n",
                    outcome.site().name(),
                    outcome.broken().isEmpty() ? "kept" : "BROKEN",
                    verdict.requests(),
                    verdict.failed(),
                    verdict.gap() / 1e6,
                    verdict.lost().size(),
                    verdict.twice().size(),
                    verdict.phantoms().size(),
                    verdict.missedEvents().size(),
                    verdict.repeatedEvents().size());
            outcome.broken().forEach(what -> System.out.println("    " + what));
        }
    }
}
