package io.catga.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Three NATS as the manifests start them. They are ready, so they have let each other in: JetStream needs two. */
class NatsPodsTest {

    private static final int CLIENTS = 4222;
    private static final int ROUTES = 6222;

    @SuppressWarnings("NullAway.Init")
    private static RunningPods pods;

    @BeforeAll
    static void start() {
        pods = RunningPods.of("nats");
    }

    @AfterAll
    static void stop() {
        pods.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "order-api PUB catga.event.orders.order-created",
                "order-api SUB catga.request.orders.create-order",
                "order-api SUB _INBOX.order-service.x",
                "order-service PUB catga.request.orders.create-order",
                "order-service PUB $JS.API.STREAM.DELETE.CATGA_EVENTS",
                "notification-service PUB catga.event.orders.order-created",
                "notification-service SUB >",
            })
    void refusesWhatIsAnotherOnesWork(String what) {
        String[] part = what.split(" ");
        assertThat(says(CLIENTS, login(part[0], part[0]), protocol(part[1], part[2])))
                .anyMatch(line -> line.startsWith("-ERR 'Permissions Violation for %s to \"%s\""
                        .formatted("PUB".equals(part[1]) ? "Publish" : "Subscription", part[2])));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "order-api PUB catga.request.orders.create-order",
                "order-api SUB _INBOX.order-api.x",
                "order-service PUB catga.event.orders.order-created",
                "notification-service PUB catga.dead.orders.order-created",
                "operator SUB >",
            })
    void doesWhatIsOnesOwn(String what) {
        String[] part = what.split(" ");
        assertThat(says(CLIENTS, login(part[0], part[0]), protocol(part[1], part[2])))
                .noneMatch(line -> line.startsWith("-ERR"))
                .endsWith("PONG");
    }

    @ParameterizedTest
    @CsvSource({"order-api, order-service", "operator, order-api", "nobody, order-api"})
    void letsNobodyInWithAnotherOnesPassword(String user, String whosePassword) {
        assertThat(says(CLIENTS, login(user, whosePassword), ""))
                .contains("-ERR 'Authorization Violation'")
                .doesNotContain("PONG");
    }

    @Test
    void letsNobodyInWithoutAPassword() {
        assertThat(says(CLIENTS, "{\"verbose\":false}", ""))
                .contains("-ERR 'Authorization Violation'")
                .doesNotContain("PONG");
    }

    @Test
    void letsNoStrangerInAsAServer() {
        assertThat(says(ROUTES, "{\"verbose\":false,\"name\":\"stranger\"}", ""))
                .contains("-ERR 'Authorization Violation'");
    }

    @Test
    void tellsClientsTheNamesOfThePods() {
        assertThat(says(CLIENTS, login("operator", "operator"), "").getFirst())
                .contains("\"nats-1:4222\"", "\"nats-2:4222\"");
    }

    private static String protocol(String verb, String subject) {
        return "PUB".equals(verb) ? "PUB %s 0\r\n\r\n".formatted(subject) : "SUB %s 1\r\n".formatted(subject);
    }

    private static String login(String user, String whosePassword) {
        return "{\"verbose\":false,\"user\":\"%s\",\"pass\":\"%s\"}"
                .formatted(user, pods.password("nats-" + whosePassword));
    }

    /** All that comes until the server has answered, or has hung up. */
    private static List<String> says(int port, String connect, String then) {
        try (Socket socket = new Socket(pods.host("nats-0"), pods.port("nats-0", port))) {
            socket.setSoTimeout(5_000);
            socket.getOutputStream()
                    .write("CONNECT %s\r\n%sPING\r\n".formatted(connect, then).getBytes(StandardCharsets.US_ASCII));
            BufferedReader lines =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
            List<String> answers = new ArrayList<>();
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                answers.add(line);
                if ("PONG".equals(line)) {
                    break;
                }
            }
            return answers;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
