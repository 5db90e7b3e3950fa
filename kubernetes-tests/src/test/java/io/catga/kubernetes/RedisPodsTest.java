package io.catga.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.testcontainers.containers.Container.ExecResult;

/** Three Redis and three Sentinels as the manifests start them: who gets in, who may do what, and that they still work. */
class RedisPodsTest {

    private static final String MASTER = "SENTINEL GET-MASTER-ADDR-BY-NAME mymaster";

    @SuppressWarnings("NullAway.Init")
    private static RunningPods pods;

    @BeforeAll
    static void start() {
        pods = RunningPods.of("redis", "sentinel");
    }

    @AfterAll
    static void stop() {
        pods.close();
    }

    private static String says(String pod, String user, String what) {
        return says(pod, user, pods.password("redis-" + user), what);
    }

    private static String says(String pod, String user, String password, String what) {
        List<String> command = new ArrayList<>(List.of(
                "env",
                "REDISCLI_AUTH=" + password,
                "redis-cli",
                "-p",
                pod.startsWith("sentinel") ? "26379" : "6379",
                "--user",
                user));
        command.addAll(List.of(what.split(" ")));
        ExecResult result = pods.run(pod, command);
        return result.getStdout() + result.getStderr();
    }

    private static String master() {
        return says("sentinel-0", "operator", MASTER).lines().findFirst().orElse("");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "order-api GET catga:state:order:1",
                "order-api XADD catga:outbox * a b",
                "order-service GET catga:state:notification:1",
                "order-service DEL catga:state:order:1",
                "order-service FLUSHALL",
                "order-service CONFIG GET masterauth",
                "order-service REPLICAOF NO ONE",
                "notification-service SET catga:state:order:1 x",
                "notification-service XRANGE catga:outbox - +",
                "exporter GET catga:state:order:1",
                "replica GET catga:state:order:1",
                "sentinel GET catga:state:order:1",
            })
    void redisRefusesWhatIsAnotherOnesWork(String what) {
        String[] part = what.split(" ", 2);
        assertThat(says("redis-0", part[0], part[1])).contains("NOPERM");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "order-api ROLE",
                "order-service GET catga:state:order:1",
                "notification-service GET catga:state:notification:1",
                "exporter SLOWLOG LEN",
                "operator DBSIZE",
                "replica PING"
            })
    void redisDoesWhatIsOnesOwn(String what) {
        String[] part = what.split(" ", 2);
        assertThat(says(master(), part[0], part[1])).doesNotContain("NOPERM", "WRONGPASS", "NOAUTH", "rror");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "order-api SENTINEL FAILOVER mymaster",
                "order-service SENTINEL REMOVE mymaster",
                "notification-service SENTINEL SET mymaster quorum 1",
                "sentinel SENTINEL FAILOVER mymaster"
            })
    void aSentinelRefusesWhatIsAnotherOnesWork(String what) {
        String[] part = what.split(" ", 2);
        assertThat(says("sentinel-0", part[0], part[1])).contains("NOPERM");
    }

    @ParameterizedTest
    @ValueSource(strings = {"order-api", "order-service", "notification-service"})
    void aSentinelTellsApplicationsWhoIsMaster(String application) {
        assertThat(says("sentinel-0", application, MASTER)).contains("redis-").doesNotContain("NOPERM");
    }

    @ParameterizedTest
    @CsvSource({"redis-0, 6379", "redis-1, 6379", "sentinel-0, 26379"})
    void nobodyGetsInWithoutAPasswordOrWithAnotherOnes(String pod, String port) {
        assertThat(pods.run(pod, List.of("redis-cli", "-p", port, "INFO")).getStdout())
                .startsWith("NOAUTH");
        assertThat(says(pod, "operator", pods.password("redis-order-api"), "INFO"))
                .contains("WRONGPASS")
                .contains("NOAUTH");
        assertThat(says(pod, "default", pods.password("redis-operator"), "INFO"))
                .contains("WRONGPASS")
                .contains("NOAUTH");
    }

    @Test
    void everyPodIsAliveByItsOwnProbes() {
        assertThat(pods.names())
                .hasSize(6)
                .allMatch(pod -> pods.passes(pod, "startupProbe") && pods.passes(pod, "livenessProbe"));
    }

    @Test
    void noPasswordIsInALogOrACommandLine() {
        for (String pod : pods.names()) {
            String told = pods.logs(pod)
                    + pods.run(pod, List.of("sh", "-c", "cat /proc/[0-9]*/cmdline | tr '\\0' ' '"))
                            .getStdout();
            assertThat(told).contains("redis-server");
            assertThat(pods.secrets().passwords().values()).as(pod).noneMatch(told::contains);
        }
    }

    /** The Sentinels get in at every Redis, and a Redis at its new master. */
    @Test
    void masterThatIsToStopLetsAnotherOneBePromoted() {
        String before = master();
        pods.prepareStop(before);
        await().atMost(Duration.ofSeconds(20)).until(() -> !master().equals(before));
        pods.awaitReady();
        assertThat(says(before, "operator", "ROLE")).startsWith("slave");
    }

    /** A Redis that reads its log does so as a user who may do everything; else it passes over transactions, and is empty. */
    @Test
    void everythingIsThereAfterARestartOfEverything() {
        String key = "catga:state:order:kept";
        assertThat(says(
                        master(),
                        "operator",
                        "EVAL redis.call('SET',KEYS[1],1)redis.call('INCR',KEYS[1])return'done' 1 " + key))
                .contains("done");
        assertThat(says(master(), "operator", "WAITAOF 1 2 5000").lines()).containsExactly("1", "2");

        pods.killAndStart();

        assertThat(says(master(), "order-service", "GET " + key).strip()).isEqualTo("2");
    }
}
