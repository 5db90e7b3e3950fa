package io.catga.drill;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The docker command line, run in the folder of the compose files. Thread-safe. */
final class Docker {

    private static final Duration LIMIT = Duration.ofMinutes(4);
    /** Eight JVMs start one after the other, or some at a time, under load. */
    private static final Duration SCRIPT_LIMIT = Duration.ofMinutes(9);
    /** What runc says when a process, such as a health check, began in a container while it was being paused. */
    private static final String DID_NOT_FREEZE = "unable to freeze";

    private static final int FREEZE_ATTEMPTS = 20;

    private final Path root;

    Docker(Path root) {
        this.root = root;
    }

    /** A command that failed, with what it printed. */
    static final class Failed extends RuntimeException {

        private static final long serialVersionUID = 1L;

        Failed(String message) {
            super(message);
        }
    }

    /**
     * Runs a command, and gives what it printed. To pause is a game of chance that runc leaves its callers to play again
     * (runc#4388); nothing is paused by an attempt that fails.
     *
     * @throws Failed where it fails
     */
    List<String> run(String verb, Collection<String> arguments) {
        for (int attempt = 1; ; attempt++) {
            try {
                return once(verb, arguments);
            } catch (Failed failed) {
                if (attempt == FREEZE_ATTEMPTS
                        || !String.valueOf(failed.getMessage()).contains(DID_NOT_FREEZE)) {
                    throw failed;
                }
            }
        }
    }

    private List<String> once(String verb, Collection<String> arguments) {
        List<String> command = new ArrayList<>(List.of("docker", verb));
        command.addAll(arguments);
        return await(command, LIMIT);
    }

    /**
     * Runs another program that works with the engine, and gives what it printed.
     *
     * @throws Failed where it fails
     */
    List<String> script(String... command) {
        return await(List.of(command), SCRIPT_LIMIT);
    }

    private List<String> await(List<String> command, Duration limit) {
        Path output = null;
        try {
            output = Files.createTempFile("drill", ".out");
            Process process = start(command, output);
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
                throw new Failed("'%s' did not end within %s".formatted(String.join(" ", command), limit));
            }
            List<String> lines = new String(Files.readAllBytes(output), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
            if (process.exitValue() != 0) {
                throw new Failed("'%s' failed: %s".formatted(String.join(" ", command), String.join("\n", lines)));
            }
            return lines;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Failed("interrupted during '%s'".formatted(String.join(" ", command)));
        } finally {
            delete(output);
        }
    }

    List<String> run(String verb, String... arguments) {
        return run(verb, List.of(arguments));
    }

    /** The applications with their infrastructure. */
    List<String> compose(String... arguments) {
        List<String> all = new ArrayList<>(List.of("-f", "docker-compose.apps.yml"));
        all.addAll(List.of(arguments));
        return run("compose", all);
    }

    /** Begins a command that goes on by itself. */
    Process start(List<String> command, Path output) throws IOException {
        return new ProcessBuilder(command)
                .directory(root.toFile())
                .redirectErrorStream(true)
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectOutput(output.toFile())
                .start();
    }

    private static void delete(@Nullable Path file) {
        if (file != null) {
            try {
                Files.deleteIfExists(file);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
