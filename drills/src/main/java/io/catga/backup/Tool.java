package io.catga.backup;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Programs that data flow into or out of. */
final class Tool {

    private Tool() {}

    /** What a program prints. */
    static String output(String... command) throws IOException, InterruptedException {
        return feed(Arrays.asList(command), InputStream.nullInputStream());
    }

    /** The same, of one that reads. */
    static String feed(List<String> command, InputStream in) throws IOException, InterruptedException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        run(command, in, out);
        return out.toString(StandardCharsets.UTF_8);
    }

    /**
     * Has a program write.
     *
     * @throws BackupException where it fails, with what it complained about
     */
    static void run(List<String> command, InputStream in, OutputStream out) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).start();
        CompletableFuture<String> complaint = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> {
            try (InputStream errors = process.getErrorStream()) {
                complaint.complete(new String(errors.readAllBytes(), StandardCharsets.UTF_8));
            } catch (IOException e) {
                complaint.complete(String.valueOf(e.getMessage()));
            }
        });
        Thread feeder = Thread.ofVirtual().start(() -> {
            try (OutputStream to = process.getOutputStream()) {
                in.transferTo(to);
            } catch (IOException e) {
                // It has ended, and its exit code and complaint say why.
                return;
            }
        });
        try (InputStream from = process.getInputStream()) {
            from.transferTo(out);
        } finally {
            if (Thread.currentThread().isInterrupted()) {
                process.destroy();
            }
        }
        int code = process.waitFor();
        feeder.join();
        if (code != 0) {
            throw new BackupException("'%s' failed: %s%s"
                    .formatted(
                            String.join(" ", command),
                            complaint.join(),
                            out instanceof ByteArrayOutputStream text ? text.toString(StandardCharsets.UTF_8) : ""));
        }
    }
}
