package io.catga.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** {@code bench.sh}, which says how to use it. Run in the folder of the compose files. */
final class Main {

    private static final int EDGE_PORT = 8080;
    private static final int OK = 200;
    private static final int APPS = 8;
    private static final Duration QUICK = Duration.ofSeconds(5);

    private Main() {}

    /** Ends with 2 where the command line is wrong, and with 1 where something cannot be measured. */
    public static void main(String[] words) throws Exception {
        Map<String, Scenario> scenarios = Scenario.all();
        try {
            Arguments arguments = Arguments.parse(Arrays.asList(words), scenarios.keySet());
            run(arguments, scenarios);
        } catch (Arguments.Wrong e) {
            System.err.println("error: " + e.getMessage());
            System.exit(2);
        } catch (Failed e) {
            System.err.println("error: " + e.getMessage());
            System.exit(1);
        }
        // Watchers and clients of single questions may still have threads.
        System.exit(0);
    }

    private static void run(Arguments arguments, Map<String, Scenario> scenarios) throws Exception {
        Commands commands = new Commands(Path.of("").toAbsolutePath());
        String host = host();
        Cluster cluster = new Cluster(commands, host);
        if (Http.status("http://%s:%d/health".formatted(host, EDGE_PORT), QUICK) != OK) {
            throw new Failed("the cluster does not answer at http://%s:%d; start it with ./start-cluster.sh"
                    .formatted(host, EDGE_PORT));
        }
        Lab lab = new Lab(arguments, cluster, new Engine(commands), host, EDGE_PORT);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            if (!lab.undo().isEmpty()) {
                System.err.println("putting back what was changed for this");
            }
            lab.undo().interrupted();
        }));
        prepare(lab);
        Map<String, String> environment = Environment.current(commands);
        String revision = Environment.revision(commands);
        environment.forEach((name, value) -> Lab.say("  %s: %s", name, value));
        Lab.say("  revision: %s", revision);
        lab.warmUp(Duration.ofSeconds(arguments.warmUp()));

        List<Outcome> outcomes = new ArrayList<>();
        for (String name : arguments.scenarios()) {
            Lab.say("%s", name);
            String at = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
            Scenario scenario = scenarios.get(name);
            if (scenario == null) {
                throw new IllegalStateException("there is no scenario " + name);
            }
            // What all of them place would not fit: in its first week an order takes some kilobytes.
            forget(lab);
            try {
                Outcome outcome = scenario.run(lab).finish(name, at, revision, arguments.settings(), environment);
                lab.undo().check();
                outcome.figures().forEach((figure, value) -> Lab.say("  %s: %s", figure, Report.show(value)));
                outcomes.add(outcome);
                // After each: an interrupted run keeps what it has measured.
                write(arguments, commands.root(), outcomes);
            } finally {
                lab.undo().now();
            }
        }
        Lab.say("%n%s", Report.summary(outcomes));
        Lab.say("results: %s", results(arguments, commands.root()));
    }

    /** To a state that is known: everything runs, and how much is stored. */
    private static void prepare(Lab lab) throws IOException, InterruptedException {
        List<Cluster.Container> apps = lab.cluster().containers(Cluster.PROJECT).stream()
                .filter(Cluster.Container::isApp)
                .toList();
        List<String> down = apps.stream()
                .filter(app -> !app.runs())
                .map(Cluster.Container::name)
                .toList();
        if (!down.isEmpty() || apps.size() != APPS) {
            throw new Failed(
                    "the cluster is to have %d applications that run, but there are %d, of which %s do not; start it with ./start-cluster.sh"
                            .formatted(APPS, apps.size(), down.isEmpty() ? "none" : down));
        }
        forget(lab);
        Lab.say("the cluster has %d orders", lab.cluster().orders());
    }

    private static void forget(Lab lab) throws IOException, InterruptedException {
        lab.drain();
        if (lab.arguments().forget()) {
            Lab.say(
                    "forgetting: %d orders, %d keys",
                    lab.cluster().orders(), lab.cluster().forget());
        }
    }

    private static Path results(Arguments arguments, Path root) {
        return arguments.record()
                ? root.resolve("benchmarks/cluster/results.json")
                : root.resolve("benchmarks/results/cluster.json");
    }

    private static void write(Arguments arguments, Path root, List<Outcome> outcomes) throws IOException {
        Path file = results(arguments, root);
        Files.createDirectories(file.getParent());
        if (!arguments.record()) {
            Files.writeString(file, Report.json(outcomes));
            Files.writeString(root.resolve("benchmarks/results/cluster.md"), Report.everything(outcomes));
            return;
        }
        List<Outcome> all = Report.merge(Report.read(file), outcomes);
        Files.writeString(file, Report.json(all));
        Files.writeString(root.resolve("benchmarks/cluster/RESULTS.md"), Report.everything(all));
        Report.publish(Report.summary(all), root);
    }

    private static String host() {
        String bound = System.getenv("BIND_ADDRESS");
        return bound == null || bound.isBlank() || bound.equals("0.0.0.0") ? "127.0.0.1" : bound;
    }
}
