package io.catga.cluster;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Runs commands as a user would, in the folder of the README. */
final class Shell {

    private static final Path ROOT = root();

    private Shell() {}

    /** What a command printed, on both channels, and how it ended. */
    record Outcome(int exitCode, String output) {

        Outcome expectSuccess(List<String> command) {
            if (exitCode != 0) {
                throw new AssertionError(command + " ended with " + exitCode + ":\n" + output);
            }
            return this;
        }

        List<String> lines() {
            return output.lines().toList();
        }
    }

    private static Path root() {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.exists(folder.resolve("start-cluster.sh"))) {
            folder = folder.getParent();
            if (folder == null) {
                throw new IllegalStateException("start-cluster.sh is in no folder above this one");
            }
        }
        return folder;
    }

    static Path root(String relative) {
        return ROOT.resolve(relative);
    }

    static Outcome run(Duration limit, Map<String, String> environment, String... command) {
        Path output = null;
        try {
            output = Files.createTempFile("catga", ".out");
            ProcessBuilder builder = new ProcessBuilder(command)
                    .directory(ROOT.toFile())
                    .redirectErrorStream(true)
                    .redirectInput(
                            ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                    .redirectOutput(output.toFile());
            builder.environment().putAll(environment);
            Process process = builder.start();
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
                throw new AssertionError(
                        List.of(command) + " did not end within " + limit + ":\n" + Files.readString(output));
            }
            return new Outcome(process.exitValue(), Files.readString(output));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } finally {
            delete(output);
        }
    }

    private static void delete(@org.jspecify.annotations.Nullable Path file) {
        if (file != null) {
            try {
                Files.deleteIfExists(file);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** Tried again where a process, such as a health check, begins in the container just then: runc leaves that to its callers. */
    static void pause(String container) {
        await("pausing " + container)
                .until(() -> run(Duration.ofMinutes(1), Map.of(), "docker", "pause", container)
                                .exitCode()
                        == 0);
    }

    static Outcome docker(String... arguments) {
        List<String> command = new java.util.ArrayList<>(List.of("docker"));
        command.addAll(List.of(arguments));
        return run(Duration.ofMinutes(2), Map.of(), command.toArray(String[]::new))
                .expectSuccess(command);
    }
}
