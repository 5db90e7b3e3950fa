package io.catga.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Other programs, run in the folder of the compose files. Thread-safe. */
final class Commands {

    private static final Duration LIMIT = Duration.ofMinutes(5);

    private final Path root;

    Commands(Path root) {
        this.root = root;
    }

    Path root() {
        return root;
    }

    /**
     * Runs {@code docker} and gives the lines that it printed.
     *
     * @throws Failed where it fails
     */
    List<String> docker(String... arguments) {
        List<String> command = new ArrayList<>(List.of("docker"));
        command.addAll(List.of(arguments));
        return run(command, Map.of());
    }

    List<String> docker(List<String> verb, Collection<String> containers) {
        List<String> all = new ArrayList<>(verb);
        all.addAll(containers);
        return docker(all.toArray(String[]::new));
    }

    /** @throws Failed where it fails or does not end */
    List<String> run(List<String> command, Map<String, String> environment) {
        String shown = String.join(" ", command);
        try {
            Path output = Files.createTempFile("bench", ".out");
            try {
                ProcessBuilder builder = new ProcessBuilder(command)
                        .directory(root.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile());
                builder.environment().putAll(environment);
                Process process = builder.start();
                process.getOutputStream().close();
                if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                    throw new Failed("'%s' did not end within %s".formatted(shown, LIMIT));
                }
                String said = new String(Files.readAllBytes(output), StandardCharsets.UTF_8);
                if (process.exitValue() != 0) {
                    throw new Failed("'%s' failed: %s".formatted(shown, said.strip()));
                }
                return said.lines().toList();
            } finally {
                Files.deleteIfExists(output);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Failed("interrupted during '" + shown + "'");
        }
    }

    /** The first line, or nothing where the command cannot be run: for what is good to know but not needed. */
    String tell(String... command) {
        try {
            return run(List.of(command), Map.of()).stream()
                    .filter(line -> !line.isBlank())
                    .findFirst()
                    .orElse("")
                    .strip();
        } catch (Failed | UncheckedIOException e) {
            return "";
        }
    }
}
