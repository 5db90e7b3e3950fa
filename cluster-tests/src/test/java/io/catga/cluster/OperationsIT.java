package io.catga.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What operators do while orders come in: update, scale, back up, restore. */
@ClusterTest
class OperationsIT {

    static final String UPDATE = "./rolling-update.sh";
    static final String BACKUP = "./backup.sh /tmp/orders.backup";
    static final String RESTORE = "./restore.sh --replace /tmp/orders.backup";

    private static final Path FILE = Path.of("/tmp/orders.backup");
    private static final Map<String, String> OTHER_SETTINGS = Map.of("TRACE_SAMPLING", "0.99");

    private static final Duration SEEN = Duration.ofSeconds(10);
    private static final int CLIENTS = 8;
    private static final Duration PACE = Duration.ofMillis(160);

    @AfterAll
    static void allIsWellAgain() {
        Cluster.awaitHealthy();
    }

    private static Map<String, String> instances() {
        Map<String, String> ids = new TreeMap<>();
        Shell.docker(
                        "ps",
                        "--no-trunc",
                        "--filter",
                        "label=com.docker.compose.project=cluster",
                        "--format",
                        "{{.Names}} {{.ID}}")
                .lines()
                .stream()
                .map(line -> line.split(" "))
                .filter(part -> part[0].matches("cluster-(order|notification)-.*"))
                .forEach(part -> ids.put(part[0], part[1]));
        return ids;
    }

    /** All three applications, in seven minutes, are the drill {@code rolling-update}; the one that receives events is here. */
    @Test
    void anUpdateReplacesEveryInstanceAndNobodyNotices() {
        Map<String, String> before = instances();
        List<Long> deliveredAgain = deliveredAgain();
        List<String> failed;
        try (Clients clients = new Clients();
                Readers readers = new Readers("/api/notifications?orderId=none", "/api/instances")) {
            assertThat(Cluster.runScript(OTHER_SETTINGS, UPDATE, "notification-service"))
                    .contains("notification-service");
            clients.requireSuccess();
            failed = readers.failed;
        }

        assertThat(failed).isEmpty();
        Map<String, String> after = instances();
        assertThat(after.keySet()).isEqualTo(before.keySet());
        assertThat(after)
                .allSatisfy((name, id) -> assertThat(id.equals(before.get(name)))
                        .as(name)
                        .isEqualTo(!Cluster.NOTIFICATION_SERVICES.contains(name)));
        assertThat(deliveredAgain()).isEqualTo(deliveredAgain);
        // to the settings of before, and then there is nothing to do
        Cluster.runScript(UPDATE, "notification-service");
        Map<String, String> back = instances();
        assertThat(Cluster.runScript(UPDATE))
                .contains(
                        "order-api is up to date", "order-service is up to date", "notification-service is up to date");
        Cluster.startByScript();
        assertThat(instances()).isEqualTo(back);
    }

    private static List<Long> deliveredAgain() {
        return Cluster.NOTIFICATION_SERVICES.stream().map(Nats::deliveredAgain).toList();
    }

    /** Times count from the moment at which Docker calls the new instances healthy. */
    @Test
    void newInstancesAreSeenByEverybodyWithinSeconds() {
        Map<String, String> before = instances();
        try {
            scale(4, 3);
            long healthy = System.nanoTime();
            Map<String, BooleanSupplier> watchers = new HashMap<>();
            watchers.put(
                    "the queue group",
                    () -> Orders.header(Orders.place("ada"), "X-Handled-By").equals("cluster-order-service-4"));
            watchers.put(
                    "nginx",
                    () -> Orders.header(Orders.get(Orders.BALANCER + "/api/notifications?orderId=none"), "X-Served-By")
                            .equals("cluster-notification-service-3"));
            watchers.put("Prometheus, of order-service", () -> isScraped("cluster-order-service-4"));
            watchers.put("Prometheus, of notification-service", () -> isScraped("cluster-notification-service-3"));
            await("all see the new instances")
                    .atMost(SEEN)
                    .pollInterval(Duration.ofMillis(50))
                    .until(() -> {
                        watchers.entrySet().removeIf(watcher -> {
                            boolean sees = watcher.getValue().getAsBoolean();
                            if (sees) {
                                System.out.printf(
                                        "seen by %s after %d ms%n",
                                        watcher.getKey(), (System.nanoTime() - healthy) / 1_000_000);
                            }
                            return sees;
                        });
                        return watchers.isEmpty();
                    });
        } finally {
            scale(3, 2);
            Nats.request("$JS.API.CONSUMER.DELETE.CATGA_EVENTS.cluster-notification-service-3");
        }
        assertThat(instances()).isEqualTo(before);
    }

    private static void scale(int orderServices, int notificationServices) {
        Cluster.runScript(
                "docker",
                "compose",
                "-f",
                "docker-compose.apps.yml",
                "up",
                "-d",
                "--no-recreate",
                "--wait",
                "--scale",
                "order-service=" + orderServices,
                "--scale",
                "notification-service=" + notificationServices,
                "order-service",
                "notification-service");
    }

    private static boolean isScraped(String instance) {
        return !PrometheusIT.query("catga_nats_connected{instance=\"%s\"} == 1".formatted(instance))
                .isEmpty();
    }

    @Test
    void whatWasAcknowledgedBeforeABackupIsThereAfterItsRestore() throws Exception {
        Map<String, HttpResponse<String>> acknowledged;
        Map<String, HttpResponse<String>> meanwhile = new HashMap<>();
        String backedUp;
        try (Clients clients = new Clients()) {
            await().atMost(Duration.ofSeconds(60)).until(() -> clients.acknowledged.size() >= 200);
            acknowledged = Map.copyOf(clients.acknowledged);
            backedUp = Cluster.runScript(BACKUP.split(" "));
            System.out.println(backedUp);
            clients.requireSuccess();
            meanwhile.putAll(clients.acknowledged);
            meanwhile.keySet().removeAll(acknowledged.keySet());
        }
        aDamagedBackupIsRefusedAndNothingIsTouched();
        withoutReplaceADifferentClusterIsKept();
        TraceReceiver.remove();

        String restored = Cluster.runScript(RESTORE.split(" "));
        System.out.println(restored);

        assertThat(restored).contains("all checksums right");
        assertThat(numberBefore(" orders", restored)).isEqualTo(numberBefore(" orders", backedUp));
        assertThat(numberBefore(" keys", restored)).isEqualTo(numberBefore(" keys", backedUp));
        assertThat(numberAfter("CATGA_EVENTS: ", restored)).isEqualTo(numberAfter("CATGA_EVENTS: ", backedUp));
        acknowledged.forEach((key, answer) -> {
            String order = Orders.idOf(answer);
            HttpResponse<String> there = Orders.get(Orders.BALANCER + "/api/orders/" + order);
            assertThat(there.statusCode()).as(order).isEqualTo(200);
            assertThat(Orders.json(there)).isEqualTo(Orders.json(answer));
        });
        acknowledged.entrySet().stream().limit(20).forEach(entry -> {
            HttpResponse<String> again = Orders.place(Orders.BALANCER, entry.getKey(), Orders.body(entry.getKey()));
            assertThat(again.body()).isEqualTo(entry.getValue().body());
            assertThat(Orders.header(again, "Idempotent-Replayed")).isEqualTo("true");
        });
        await("each instance has each event, once")
                .atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> acknowledged
                        .values()
                        .forEach(answer -> assertThat(instancesNotifiedOf(Orders.idOf(answer)))
                                .containsExactlyInAnyOrderElementsOf(Cluster.NOTIFICATION_SERVICES)));
        assertThat(meanwhile).isNotEmpty();
        meanwhile.values().forEach(OperationsIT::assertStoredIfAnnounced);
        Files.delete(FILE);
    }

    /** Each came before the moment of the backup or after it; an event of one that came after it would be about nothing. */
    private static void assertStoredIfAnnounced(HttpResponse<String> answer) {
        String order = Orders.idOf(answer);
        boolean stored = Orders.get(Orders.BALANCER + "/api/orders/" + order).statusCode() == 200;
        assertThat(instancesNotifiedOf(order)).as(order).hasSize(stored ? Cluster.NOTIFICATION_SERVICES.size() : 0);
    }

    private static List<String> instancesNotifiedOf(String order) {
        JsonNode notifications = Orders.json(Orders.get(Orders.BALANCER + "/api/notifications?orderId=" + order))
                .get("notifications");
        return notifications.findValuesAsString("instance");
    }

    private static void aDamagedBackupIsRefusedAndNothingIsTouched() throws IOException {
        Map<String, String> before = instances();
        Path damaged = Path.of(FILE + ".damaged");
        byte[] bytes = Files.readAllBytes(FILE);
        bytes[bytes.length / 3] ^= 1;
        Files.write(damaged, bytes);

        Shell.Outcome outcome =
                Shell.run(Duration.ofMinutes(1), Map.of(), "./restore.sh", "--replace", damaged.toString());

        assertThat(outcome.exitCode()).isEqualTo(1);
        assertThat(outcome.output()).containsAnyOf("is damaged", "is not what was backed up");
        assertThat(instances()).isEqualTo(before);
        Files.delete(damaged);
    }

    private static void withoutReplaceADifferentClusterIsKept() {
        Map<String, String> before = instances();

        Shell.Outcome outcome = Shell.run(Duration.ofMinutes(1), Map.of(), "./restore.sh", FILE.toString());

        assertThat(outcome.exitCode()).isEqualTo(1);
        assertThat(outcome.output()).contains("there is a cluster already", "--replace");
        assertThat(instances()).isEqualTo(before);
    }

    private static String numberBefore(String word, String output) {
        return found("([0-9]+)" + word, output);
    }

    private static String numberAfter(String word, String output) {
        return found(word + "([0-9]+)", output);
    }

    private static String found(String pattern, String output) {
        return Pattern.compile(pattern)
                .matcher(output)
                .results()
                .map(match -> match.group(1))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no '" + pattern + "' in " + output));
    }

    /** Each goes on until its present request is answered, and no longer. */
    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** One for each path, who reads it again and again until closed. */
    private static final class Readers implements AutoCloseable {

        private final List<String> failed = new CopyOnWriteArrayList<>();
        private final List<Thread> running;
        private volatile boolean stopped;

        Readers(String... paths) {
            running = Arrays.stream(paths)
                    .map(path -> Thread.ofVirtual().start(() -> read(path)))
                    .toList();
        }

        private void read(String path) {
            while (!stopped) {
                try {
                    HttpResponse<String> answer = Orders.get(Orders.BALANCER + path);
                    if (answer.statusCode() != 200) {
                        failed.add("%s: %d %s".formatted(path, answer.statusCode(), answer.body()));
                    }
                    TimeUnit.NANOSECONDS.sleep(PACE.toNanos());
                } catch (UncheckedIOException e) {
                    failed.add(path + ": " + e.getMessage());
                } catch (InterruptedException e) {
                    return;
                }
            }
        }

        @Override
        public void close() {
            stopped = true;
            running.forEach(OperationsIT::join);
        }
    }

    /** Some who place orders, each with a key that is its customer, too, and go on until closed. */
    private static final class Clients implements AutoCloseable {

        private final Map<String, HttpResponse<String>> acknowledged = new ConcurrentHashMap<>();
        private final Map<String, HttpResponse<String>> failed = new ConcurrentHashMap<>();
        private final List<Thread> running;
        private volatile boolean stopped;

        Clients() {
            running = Stream.generate(() -> Thread.ofVirtual().start(this::place))
                    .limit(CLIENTS)
                    .toList();
        }

        private void place() {
            while (!stopped) {
                String key = Orders.someCustomer();
                HttpResponse<String> answer = Orders.place(Orders.BALANCER, key, Orders.body(key));
                (answer.statusCode() == 201 ? acknowledged : failed).put(key, answer);
                try {
                    TimeUnit.NANOSECONDS.sleep(PACE.toNanos());
                } catch (InterruptedException e) {
                    return;
                }
            }
        }

        void requireSuccess() {
            assertThat(failed).isEmpty();
        }

        @Override
        public void close() {
            stopped = true;
            running.forEach(OperationsIT::join);
        }
    }
}
