package io.catga.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** How {@code ./where-is.sh} ended, and what it printed on both channels. */
record Script(int exitCode, String output) {

    static Script run(int port, String... arguments) {
        List<String> command =
                Stream.concat(Stream.of("./where-is.sh"), Stream.of(arguments)).toList();
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(Path.of("..").toFile()).redirectErrorStream(true);
        builder.environment().put("CATGA_URL", "http://127.0.0.1:" + port);
        builder.environment().put("JAEGER_URL", "http://jaeger:1/");
        builder.environment().put("no_proxy", "127.0.0.1");
        try {
            Process process = builder.start();
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Script(process.waitFor(), output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    JsonNode json() {
        return JsonMapper.builder().build().readTree(output);
    }
}
