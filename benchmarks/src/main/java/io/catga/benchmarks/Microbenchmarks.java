package io.catga.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Runs the benchmarks and writes what they measured, as JMH's JSON and as a table for people. {@code microbench.sh} starts
 * it.
 */
public final class Microbenchmarks {

    /**
     * How long and how often to measure.
     *
     * @param forks      how many JVMs in turn; none to stay in this one
     * @param warmUps    iterations that do not count
     * @param warmUp     the length of one of them
     * @param iterations iterations that count
     * @param iteration  the length of one of them
     */
    record Effort(int forks, int warmUps, Duration warmUp, int iterations, Duration iteration) {

        /** Seven minutes for all: what the published figures come from. */
        static final Effort FULL = new Effort(3, 3, Duration.ofMillis(500), 5, Duration.ofMillis(300));

        /** A minute for all: whether they run; too short for figures to rely on. */
        static final Effort QUICK = new Effort(1, 1, Duration.ofMillis(150), 2, Duration.ofMillis(100));
    }

    /**
     * Collector and object headers as in the images of the applications, and a heap in which collections are rare. Unlike
     * there, with both compilers.
     */
    private static final String[] JVM = {
        "-Xms1g", "-Xmx1g", "-XX:+UseSerialGC", "-XX:+UseCompactObjectHeaders", "--sun-misc-unsafe-memory-access=allow",
    };

    private static final String ALL = ".*";

    private Microbenchmarks() {}

    /**
     * Takes the directory of the module, {@code --quick} to see only whether they run, and a regular expression where only
     * some benchmarks are to run. A full run of all of them replaces {@code RESULTS.md}; all else goes to {@code results}.
     */
    public static void main(String... arguments) throws IOException, RunnerException {
        List<String> given = List.of(arguments);
        boolean quick = given.contains("--quick");
        List<String> names =
                given.stream().filter(argument -> !argument.equals("--quick")).toList();
        if (names.isEmpty() || names.size() > 2 || names.stream().anyMatch(name -> name.startsWith("-"))) {
            System.err.println("usage: Microbenchmarks DIRECTORY [--quick] [PATTERN]");
            System.exit(2);
        }
        Path directory = Path.of(names.getFirst());
        String pattern = names.size() == 2 ? names.getLast() : ALL;
        String title = quick ? "quick" : pattern.equals(ALL) ? "full" : "part";
        Path results = Files.createDirectories(directory.resolve("results"));
        Path json = results.resolve(title + ".json");
        Environment environment = Environment.current(directory);

        run(pattern, quick ? Effort.QUICK : Effort.FULL, VerboseMode.NORMAL, json);

        String table = new Report(environment).of(Files.readString(json));
        Path markdown = title.equals("full") ? directory.resolve("RESULTS.md") : results.resolve(title + ".md");
        Files.writeString(markdown, table);
        System.out.printf("%n%s%nwritten to %s and %s%n", table, markdown, json);
    }

    /**
     * Runs the benchmarks whose names a regular expression finds.
     *
     * @throws RunnerException where one of them failed, or there is none
     */
    static void run(String pattern, Effort effort, VerboseMode output, Path json) throws RunnerException {
        ChainedOptionsBuilder options = new OptionsBuilder()
                .include(pattern)
                .mode(Mode.AverageTime)
                .timeUnit(TimeUnit.NANOSECONDS)
                .forks(effort.forks())
                .warmupIterations(effort.warmUps())
                .warmupTime(time(effort.warmUp()))
                .measurementIterations(effort.iterations())
                .measurementTime(time(effort.iteration()))
                .addProfiler(GCProfiler.class)
                .shouldFailOnError(true)
                .verbosity(output)
                .resultFormat(ResultFormatType.JSON)
                .result(json.toString());
        if (effort.forks() > 0) {
            options.jvmArgs(JVM);
        }
        new Runner(options.build()).run();
    }

    private static TimeValue time(Duration duration) {
        return TimeValue.milliseconds(duration.toMillis());
    }
}
