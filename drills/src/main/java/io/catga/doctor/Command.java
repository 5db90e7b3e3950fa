package io.catga.doctor;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Runs programs that only look, each for a limited time. */
final class Command {

    /**
     * @param exitCode 127 where the program does not exist, 124 where it took too long
     */
    record Outcome(int exitCode, String output, String complaint) {

        boolean isGood() {
            return exitCode == 0;
        }
    }

    private static final int MISSING = 127;
    private static final int TOO_LONG = 124;

    private Command() {}

    static Outcome run(Duration limit, List<String> command) throws InterruptedException {
        Process process;
        try {
            process = new ProcessBuilder(command).start();
            process.getOutputStream().close();
        } catch (IOException e) {
            return new Outcome(MISSING, "", String.valueOf(e.getMessage()));
        }
        CompletableFuture<String> output = new CompletableFuture<>();
        CompletableFuture<String> complaint = new CompletableFuture<>();
        read(process.getInputStream(), output);
        read(process.getErrorStream(), complaint);
        if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
            process.destroyForcibly();
            return new Outcome(TOO_LONG, "", "no answer within %d s".formatted(limit.toSeconds()));
        }
        return new Outcome(process.exitValue(), output.join(), complaint.join());
    }

    private static void read(InputStream stream, CompletableFuture<String> text) {
        Thread.ofVirtual().start(() -> {
            try (stream) {
                text.complete(new String(stream.readAllBytes(), StandardCharsets.UTF_8));
            } catch (IOException e) {
                text.completeExceptionally(new UncheckedIOException(e));
            }
        });
    }
}
