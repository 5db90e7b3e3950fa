package io.catga.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Starts the demo by the line that the README prints, but for its port: 8080 may be taken. */
class ReadmeIT {

    /** From the folder of this module, where its tests run. */
    private static final Path ROOT = Path.of("..");

    /** The line compiles what is not compiled yet. */
    private static final Duration START = Duration.ofMinutes(10);

    private static final Duration SOON = Duration.ofSeconds(30);

    @TempDir
    private Path folder;

    private static List<String> lines() throws IOException {
        return Pattern.compile("```bash\n(.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(ROOT.resolve("README.md")))
                .results()
                .flatMap(block -> block.group(1).lines())
                .filter(line -> line.contains("order-demo"))
                .toList();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    @Test
    void theLineOfTheReadmeStartsASystemThatTakesOrders() throws Exception {
        assertThat(lines()).hasSize(1);
        int port = freePort();
        Path output = folder.resolve("output");
        ProcessBuilder builder = new ProcessBuilder("bash", "-c", lines().getFirst())
                .directory(ROOT.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().put("SERVER_PORT", Integer.toString(port));
        Process started = builder.start();
        started.getOutputStream().close();
        try (OrderClient orders = OrderClient.on(port)) {
            await().atMost(START)
                    .pollInterval(Duration.ofMillis(200))
                    .failFast(() ->
                            assertThat(started.isAlive()).as(() -> read(output)).isTrue())
                    .until(() -> read(output).contains("The order system is ready"));

            String id = OrderClient.idOf(orders.place("ada"));

            await().atMost(SOON).until(() -> orders.notificationsOf(id).contains("OrderCreatedEvent"));
            assertThat(read(output)).contains("Received event: OrderCreatedEvent [OrderId=" + id);
        } finally {
            stop(started);
        }
    }

    private static String read(Path output) {
        try {
            return Files.readString(output);
        } catch (IOException e) {
            return "cannot be read: " + e;
        }
    }

    /** As Ctrl-C: the shell, Maven and the application all learn of it. */
    private static void stop(Process started) {
        List<ProcessHandle> all = Stream.concat(started.descendants(), Stream.of(started.toHandle()))
                .toList();
        all.forEach(ProcessHandle::destroy);
        await().atMost(SOON).until(() -> all.stream().noneMatch(ProcessHandle::isAlive));
    }
}
