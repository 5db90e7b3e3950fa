package io.catga.cluster;

import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.zip.GZIPInputStream;

/**
 * An OTLP endpoint for the tests. Its {@link #main} runs in a container of the cluster's own network, keeps what the
 * apps export, and gives it out; it uses nothing outside the JDK. The rest is how a test handles that container.
 */
final class TraceReceiver {

    static final String ALIAS = "trace-receiver";

    private static final String CONTAINER = "cluster-tests-trace-receiver";
    private static final int PORT = 4318;

    private TraceReceiver() {}

    static void main() throws IOException {
        List<byte[]> exports = new CopyOnWriteArrayList<>();
        HttpServer server = HttpServer.create(new InetSocketAddress(PORT), 0);
        server.createContext("/v1/traces", exchange -> {
            boolean zipped = "gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"));
            try (var body = zipped ? new GZIPInputStream(exchange.getRequestBody()) : exchange.getRequestBody()) {
                exports.add(body.readAllBytes());
            }
            exchange.getResponseHeaders().set("Content-Type", "application/x-protobuf");
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        server.createContext("/exports", exchange -> {
            exchange.sendResponseHeaders(200, 0);
            try (var out = new DataOutputStream(exchange.getResponseBody())) {
                for (byte[] export : exports) {
                    out.writeInt(export.length);
                    out.write(export);
                }
            }
        });
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.start();
    }

    /** Starts the container, and returns where its exports can be read, as soon as it takes some. */
    static String run() {
        remove();
        String image = System.getenv().getOrDefault("RUNTIME_IMAGE", "catga-local/java:latest");
        Shell.docker(
                "create",
                "--name",
                CONTAINER,
                "--network",
                Cluster.NETWORK,
                "--network-alias",
                ALIAS,
                "-p",
                "127.0.0.1::" + PORT,
                "--entrypoint",
                "java",
                image,
                "-cp",
                "/opt/receiver",
                TraceReceiver.class.getName());
        Shell.docker("cp", Path.of("target/test-classes").toAbsolutePath() + "/.", CONTAINER + ":/opt/receiver");
        Shell.docker("start", CONTAINER);
        String published =
                Shell.docker("port", CONTAINER, PORT + "/tcp").lines().getFirst();
        String exports = "http://" + published + "/exports";
        // What is exported before it listens is lost.
        await("the receiver of traces listens")
                .ignoreExceptionsInstanceOf(UncheckedIOException.class)
                .atMost(Duration.ofSeconds(30))
                .until(() -> Orders.get(exports).statusCode() == 200);
        return exports;
    }

    static void remove() {
        Shell.run(Duration.ofSeconds(30), java.util.Map.of(), "docker", "rm", "-f", CONTAINER);
    }
}
