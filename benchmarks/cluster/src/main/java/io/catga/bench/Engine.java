package io.catga.bench;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.ToLongFunction;
import tools.jackson.databind.JsonNode;

/**
 * What containers have used: from their control groups where this machine shows them, and otherwise from the Docker engine's
 * own interface, since {@code docker stats} prints percentages only.
 */
final class Engine {

    private static final int BUFFER = 1 << 16;

    private final Commands commands;
    private final String host;
    private final String version;

    Engine(Commands commands) {
        this.commands = commands;
        this.host = commands.tell("docker", "context", "inspect", "-f", "{{.Endpoints.docker.Host}}");
        this.version = commands.tell("docker", "version", "-f", "{{.Server.APIVersion}}");
    }

    /** Processor time of each since it was started, in nanoseconds. */
    Map<String, Long> processorNanos(List<String> containers) {
        return each(
                containers,
                ControlGroup::processorNanos,
                stats -> stats.path("cpu_stats")
                        .path("cpu_usage")
                        .path("total_usage")
                        .asLong(0));
    }

    /** Memory of each without files that are only cached, in bytes, as {@code docker stats} has it. */
    Map<String, Long> memoryBytes(List<String> containers) {
        return each(containers, ControlGroup::memoryBytes, Engine::memory);
    }

    private static long memory(JsonNode answer) {
        JsonNode memory = answer.path("memory_stats");
        JsonNode stats = memory.path("stats");
        long cache = stats.path("total_inactive_file")
                .asLong(stats.path("inactive_file").asLong(0));
        return memory.path("usage").asLong(0) - cache;
    }

    private interface FromFiles {

        long read(ControlGroup group) throws IOException;
    }

    private Map<String, Long> each(List<String> containers, FromFiles files, ToLongFunction<JsonNode> fromEngine) {
        Map<String, Long> values = new LinkedHashMap<>();
        if (containers.isEmpty()) {
            return values;
        }
        Map<String, Future<Long>> asked = new LinkedHashMap<>();
        try (ExecutorService questions = Executors.newVirtualThreadPerTaskExecutor()) {
            for (String line : commands.docker(List.of("inspect", "-f", "{{.Name}} {{.State.Pid}}"), containers)) {
                String name = line.substring(1, line.indexOf(' '));
                Optional<ControlGroup> group = ControlGroup.of(line.substring(line.indexOf(' ') + 1));
                try {
                    if (group.isPresent()) {
                        values.put(name, files.read(group.get()));
                        continue;
                    }
                } catch (IOException e) {
                    // it has just ended; the engine knows as much
                }
                asked.put(name, questions.submit(() -> fromEngine.applyAsLong(stats(name))));
            }
        }
        asked.forEach((name, answer) -> values.put(name, answer.resultNow()));
        return values;
    }

    private JsonNode stats(String container) {
        return Json.read(get("/v" + version + "/containers/" + container + "/stats?stream=false&one-shot=true"));
    }

    private String get(String path) {
        if (!host.startsWith("unix://")) {
            throw new Failed("what containers use is read from the engine's socket, and this engine is at '" + host
                    + "'; run the benchmark where the engine runs");
        }
        try (SocketChannel channel =
                SocketChannel.open(UnixDomainSocketAddress.of(host.substring("unix://".length())))) {
            // 1.0: the engine closes the connection at the end of the answer, which then needs no taking apart.
            ByteBuffer request = StandardCharsets.US_ASCII.encode("GET " + path + " HTTP/1.0\r\nHost: docker\r\n\r\n");
            while (request.hasRemaining()) {
                channel.write(request);
            }
            ByteArrayOutputStream answer = new ByteArrayOutputStream(BUFFER);
            Channels.newInputStream(channel).transferTo(answer);
            String text = answer.toString(StandardCharsets.UTF_8);
            return text.substring(text.indexOf("\r\n\r\n") + 4);
        } catch (IOException e) {
            throw new Failed("the Docker engine does not answer at " + host + ": " + e.getMessage(), e);
        }
    }
}
