package io.catga.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** That no user of NATS or Redis can do another one's work; docs/security.md says who may do what. */
@ClusterTest
class AccessIT {

    private static final int CLIENTS = 4222;
    private static final int ROUTES = 6222;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "order-api PUB catga.event.orders.order-created",
                "order-api PUB catga.dead.orders.order-created",
                "order-api PUB _INBOX.order-service.x",
                "order-api PUB $JS.API.STREAM.DELETE.CATGA_EVENTS",
                "order-api PUB $JS.API.STREAM.PURGE.CATGA_EVENTS",
                "order-api PUB $JS.API.CONSUMER.DELETE.CATGA_EVENTS.cluster-notification-service-1",
                "order-api SUB catga.request.orders.create-order",
                "order-api SUB catga.event.>",
                "order-api SUB _INBOX.>",
                "order-api SUB >",
                "order-service PUB catga.request.orders.create-order",
                "order-service PUB $JS.ACK.CATGA_EVENTS.cluster-notification-service-1.1.1.1.1.1",
                "order-service PUB $JS.API.CONSUMER.MSG.NEXT.CATGA_EVENTS.cluster-notification-service-1",
                "order-service PUB $JS.API.STREAM.DELETE.CATGA_EVENTS",
                "order-service PUB $JS.API.STREAM.PURGE.CATGA_EVENTS",
                // outside the queue group it would listen to every command
                "order-service SUB catga.request.orders.create-order",
                "order-service SUB catga.event.>",
                "order-service SUB _INBOX.order-api.>",
                "notification-service PUB catga.event.orders.order-created",
                "notification-service PUB catga.request.orders.create-order",
                "notification-service PUB _INBOX.order-api.x",
                "notification-service PUB $JS.API.STREAM.DELETE.CATGA_EVENTS",
                "notification-service SUB catga.event.>",
                "notification-service SUB catga.request.orders.create-order",
                "notification-service SUB _INBOX.order-service.>",
            })
    void natsRefusesWhatIsAnotherOnesWork(String what) {
        String[] part = what.split(" ");

        List<String> answers = natsSays(CLIENTS, login(part[0], part[0]), protocol(part[1], part[2]));

        assertThat(answers)
                .anyMatch(line -> line.startsWith("-ERR 'Permissions Violation for %s to \"%s\""
                        .formatted("PUB".equals(part[1]) ? "Publish" : "Subscription", part[2])));
    }

    /** So that the test above finds what is refused for its subject, and not whatever it sends. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "order-api PUB $JS.API.STREAM.INFO.CATGA_EVENTS",
                "order-api SUB _INBOX.order-api.x",
                "order-service SUB _INBOX.order-service.x",
                "notification-service SUB _INBOX.notification-service.x",
                "operator SUB >",
            })
    void natsDoesWhatIsOnesOwn(String what) {
        String[] part = what.split(" ");

        assertThat(natsSays(CLIENTS, login(part[0], part[0]), protocol(part[1], part[2])))
                .noneMatch(line -> line.startsWith("-ERR"))
                .endsWith("PONG");
    }

    private static String protocol(String verb, String subject) {
        return "PUB".equals(verb) ? "PUB %s 0\r\n\r\n".formatted(subject) : "SUB %s 1\r\n".formatted(subject);
    }

    @ParameterizedTest
    @CsvSource({"order-api, order-service", "order-service, operator", "operator, order-api", "nobody, order-api"})
    void natsLetsNobodyInWithAnotherOnesPassword(String user, String whosePassword) {
        assertThat(natsSays(CLIENTS, login(user, whosePassword), ""))
                .contains("-ERR 'Authorization Violation'")
                .doesNotContain("PONG");
    }

    @Test
    void natsLetsNobodyInWithoutAPassword() {
        assertThat(natsSays(CLIENTS, "{\"verbose\":false}", ""))
                .contains("-ERR 'Authorization Violation'")
                .doesNotContain("PONG");
    }

    /** By a container's own address: the port of the servers among themselves is not published. */
    @Test
    void natsLetsNoStrangerInAsAServer() {
        assertThat(natsSays(address("cluster-nats-1"), ROUTES, "{\"verbose\":false,\"name\":\"stranger\"}", ""))
                .contains("-ERR 'Authorization Violation'");
    }

    private static String login(String user, String whosePassword) {
        return "{\"verbose\":false,\"user\":\"%s\",\"pass\":\"%s\"}"
                .formatted(user, Cluster.password("nats-" + whosePassword));
    }

    private static List<String> natsSays(int port, String connect, String then) {
        return natsSays("127.0.0.1", port, connect, then);
    }

    /** All that comes until the server has answered, or has hung up. */
    private static List<String> natsSays(String host, int port, String connect, String then) {
        try (Socket socket = new Socket(host, port)) {
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

    private static String address(String container) {
        return Shell.docker(
                        "inspect",
                        "-f",
                        "{{(index .NetworkSettings.Networks \"%s\").IPAddress}}".formatted(Cluster.NETWORK),
                        container)
                .output()
                .strip();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "order-api GET catga:state:order:1",
                "order-api SET catga:state:order:1 x",
                "order-api XADD catga:outbox * a b",
                "order-service FLUSHALL",
                "order-service CONFIG GET masterauth",
                "order-service KEYS *",
                "order-service DEL catga:state:order:1",
                "order-service GET catga:state:notification:1",
                "order-service GET somebody-elses",
                "order-service EVAL return 0",
                "order-service ACL LIST",
                "order-service CLIENT LIST",
                "order-service REPLICAOF NO ONE",
                "notification-service GET catga:state:order:1",
                "notification-service SET catga:state:order:1 x",
                "notification-service XADD catga:outbox * a b",
                "notification-service XRANGE catga:outbox - +",
                "notification-service FLUSHALL",
                "exporter CONFIG GET *",
                "exporter GET catga:state:order:1",
                "replica GET catga:state:order:1",
                "sentinel GET catga:state:order:1",
                "sentinel CONFIG GET *",
            })
    void redisRefusesWhatIsAnotherOnesWork(String what) {
        assertThat(redisSays("cluster-redis-1", "6379", what)).contains("NOPERM");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"order-api ROLE", "order-service ROLE", "exporter SLOWLOG LEN", "operator DBSIZE", "replica PING"
            })
    void redisDoesWhatIsOnesOwn(String what) {
        assertThat(redisSays("cluster-redis-1", "6379", what)).doesNotContain("NOPERM", "WRONGPASS", "NOAUTH");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "order-api SENTINEL FAILOVER mymaster",
                "order-service SENTINEL REMOVE mymaster",
                "notification-service SENTINEL SET mymaster quorum 1",
                "exporter SENTINEL FAILOVER mymaster",
                "order-api SENTINEL CONFIG GET *",
            })
    void aSentinelRefusesWhatIsAnotherOnesWork(String what) {
        assertThat(redisSays("cluster-sentinel-1", "26379", what)).contains("NOPERM");
    }

    @ParameterizedTest
    @CsvSource({"cluster-redis-1, 6379", "cluster-sentinel-1, 26379"})
    void redisLetsNobodyInWithoutAPasswordOrWithAnotherOnes(String container, String port) {
        assertThat(Shell.docker("exec", container, "redis-cli", "-p", port, "INFO")
                        .output())
                .contains("NOAUTH");
        assertThat(Shell.docker(
                                "exec",
                                "-e",
                                "REDISCLI_AUTH=" + Cluster.password("redis-order-api"),
                                container,
                                "redis-cli",
                                "-p",
                                port,
                                "--user",
                                "operator",
                                "INFO")
                        .output())
                .contains("WRONGPASS")
                .contains("NOAUTH");
    }

    private static String redisSays(String container, String port, String what) {
        List<String> words = List.of(what.split(" "));
        String user = words.getFirst();
        List<String> command = new ArrayList<>(List.of(
                "exec",
                "-e",
                "REDISCLI_AUTH=" + Cluster.password("redis-" + user),
                container,
                "redis-cli",
                "-p",
                port,
                "--user",
                user));
        command.addAll(words.subList(1, words.size()));
        return Shell.docker(command.toArray(String[]::new)).output();
    }

    @Test
    void noPasswordIsToldByAContainer() throws IOException {
        List<String> passwords = secrets().map(AccessIT::read).toList();
        assertThat(passwords).hasSizeGreaterThan(10).doesNotHaveDuplicates();

        for (String container : Cluster.containers()) {
            String told = Shell.docker("inspect", container).output()
                    + Shell.docker("top", container, "-o", "pid,args").output()
                    + Shell.docker("logs", "--tail", "5000", container).output();
            assertThat(passwords).as(container).noneMatch(told::contains);
        }
    }

    @Test
    void nobodyElseOnTheHostReadsThePasswords() throws IOException {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(Shell.root(".cluster/secrets"))))
                .isEqualTo("rwx------");
    }

    private static Stream<Path> secrets() throws IOException {
        try (Stream<Path> files = Files.list(Shell.root(".cluster/secrets"))) {
            return files.filter(file -> file.getFileName().toString().matches("(nats|redis)-.*")).toList().stream();
        }
    }

    private static String read(Path file) {
        return Cluster.password(file.getFileName().toString());
    }
}
