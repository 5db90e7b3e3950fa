package io.catga.bench;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import tools.jackson.databind.JsonNode;

/**
 * What the Docker engine knows of containers, by its own interface, because {@code docker stats} prints percentages only. It
 * is the same whether the machine has control groups of version 1 or 2.
 */
final class Engine {

    private static final int BUFFER = 1 << 16;

    private final String socket;
    private final String version;

    Engine(Commands commands) {
        String host = commands.tell("docker", "context", "inspect", "-f", "{{.Endpoints.docker.Host}}");
        if (!host.startsWith("unix://")) {
            throw new Failed("processor time is read from the engine's socket, and this engine is at '" + host
                    + "'; run the benchmark where the engine runs");
        }
        this.socket = host.substring("unix://".length());
        this.version = commands.tell("docker", "version", "-f", "{{.Server.APIVersion}}");
    }

    /** One container's use of the machine since it began, or a missing node where it does not run. */
    JsonNode stats(String container) {
        return Json.read(get("/v" + version + "/containers/" + container + "/stats?stream=false&one-shot=true"));
    }

    /** Processor time that a container has used, in nanoseconds. */
    long processorNanos(String container) {
        return stats(container)
                .path("cpu_stats")
                .path("cpu_usage")
                .path("total_usage")
                .asLong(0);
    }

    /** Memory of a container without what is only a cache of files, in bytes, as {@code docker stats} has it. */
    long memory(String container) {
        JsonNode memory = stats(container).path("memory_stats");
        JsonNode stats = memory.path("stats");
        long cache = stats.path("total_inactive_file")
                .asLong(stats.path("inactive_file").asLong(0));
        return memory.path("usage").asLong(0) - cache;
    }

    private String get(String path) {
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
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
            throw new Failed("the Docker engine does not answer at " + socket + ": " + e.getMessage(), e);
        }
    }
}
