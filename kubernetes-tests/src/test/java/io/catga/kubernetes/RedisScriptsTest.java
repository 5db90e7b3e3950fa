package io.catga.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who becomes master, when, and who waits. */
class RedisScriptsTest {

    private static final String[] ALL = {"sentinel-0", "sentinel-1", "sentinel-2"};
    private static final String PROMOTABLE = "here CONFIG SET replica-priority 100";

    @TempDir
    Path folder;

    private ScriptRun pod;

    @BeforeEach
    void makeAnEmptyPod() {
        pod = new ScriptRun(folder);
    }

    @Test
    void firstRedisIsMasterInTheFirstStart() {
        String output =
                pod.naming("redis-0", ALL).run("start-redis.sh", "redis-0").output();
        assertThat(output).contains("starting as master").contains("--replica-announce-ip redis-0");
        assertThat(output).doesNotContain("--replicaof");
    }

    @Test
    void othersFollowItInTheFirstStart() {
        assertThat(pod.naming("redis-0", ALL).run("start-redis.sh", "redis-2").output())
                .contains("--replicaof redis-0 6379 --replica-priority 0");
    }

    @ParameterizedTest
    @ValueSource(strings = {"redis-0", "redis-1"})
    void waitsWhileNobodyNamesAMaster(String name) {
        ScriptRun.Outcome outcome = pod.run("start-redis.sh", name);
        assertThat(outcome.waited()).isTrue();
        assertThat(outcome.output())
                .contains("waiting for two Sentinels to name the master")
                .doesNotContain("redis-server");
    }

    @Test
    void waitsWhileOnlyOneSentinelAnswers() {
        assertThat(pod.naming("redis-0", "sentinel-1")
                        .run("start-redis.sh", "redis-0")
                        .waited())
                .isTrue();
    }

    @Test
    void waitsWhileSentinelsDisagree() {
        pod.naming("redis-0", "sentinel-0").naming("redis-1", "sentinel-1");
        assertThat(pod.run("start-redis.sh", "redis-0").waited()).isTrue();
    }

    @Test
    void followsTheMajority() {
        pod.withData().naming("redis-0", "sentinel-0").naming("redis-1", "sentinel-1", "sentinel-2");
        assertThat(pod.remembering(ALL).run("start-redis.sh", "redis-0").output())
                .contains("--replicaof redis-1 6379");
    }

    @Test
    void lastMasterIsMasterAgainAfterAFullRestart() {
        pod.withData().naming("redis-2", ALL).remembering(ALL);
        assertThat(pod.run("start-redis.sh", "redis-2").output())
                .contains("starting as master")
                .doesNotContain("--replicaof");
    }

    @Test
    void firstRedisFollowsTheLastMasterAfterAFullRestart() {
        pod.withData().naming("redis-2", ALL).remembering(ALL);
        assertThat(pod.run("start-redis.sh", "redis-0").output()).contains("--replicaof redis-2 6379");
    }

    @ParameterizedTest
    @ValueSource(strings = {"redis-0", "redis-1"})
    void dataIsNotGivenToSentinelsThatHaveLostTheirMemory(String name) {
        ScriptRun.Outcome outcome = pod.withData().naming("redis-0", ALL).run("start-redis.sh", name);
        assertThat(outcome.waited()).isTrue();
        assertThat(outcome.output())
                .contains("the Sentinels have lost their memory")
                .doesNotContain("redis-server");
    }

    @Test
    void memoryOfTheSentinelThatNamesAnotherMasterDoesNotCount() {
        pod.withData().naming("redis-0", "sentinel-0", "sentinel-1").naming("redis-2", "sentinel-2");
        assertThat(pod.remembering("sentinel-2")
                        .run("start-redis.sh", "redis-0")
                        .waited())
                .isTrue();
    }

    @Test
    void startsOnAnOperatorsWordOnce() {
        pod.withData().withFile("trust-the-sentinels", "").naming("redis-1", ALL);
        assertThat(pod.run("start-redis.sh", "redis-1").output()).contains("starting as master");
        assertThat(pod.has("trust-the-sentinels")).isFalse();
    }

    @Test
    void filesOfARedisThatWasNeverWrittenToAreNoData() {
        pod.withoutData().naming("redis-0", ALL);
        assertThat(pod.run("start-redis.sh", "redis-0").output()).contains("starting as master");
    }

    @Test
    void snapshotIsData() {
        pod.withFile("appendonlydir/appendonly.aof.2.base.rdb", "REDIS".repeat(300))
                .naming("redis-0", ALL);
        assertThat(pod.run("start-redis.sh", "redis-0").waited()).isTrue();
    }

    @Test
    void masterThatLostItsDiskDoesNotStartAsMaster() {
        ScriptRun.Outcome outcome = pod.naming("redis-0", ALL).remembering(ALL).run("start-redis.sh", "redis-0");
        assertThat(outcome.waited()).isTrue();
        assertThat(outcome.output()).contains("master without data").doesNotContain("redis-server");
        assertThat(pod.asked()).contains("sentinel-2 SENTINEL FAILOVER mymaster");
    }

    @Test
    void masterThatLostItsDiskFollowsWhoeverIsPromoted() {
        pod.naming("redis-0", ALL).remembering(ALL).promoting("redis-2", "sentinel-1");
        assertThat(pod.run("start-redis.sh", "redis-0").output()).contains("--replicaof redis-2 6379");
    }

    @Test
    void crashedMasterHandsOverToWhoeverFollowedIt() {
        pod.withData().naming("redis-0", ALL).remembering(ALL).promoting("redis-1", "sentinel-0");
        following("down", 2);
        assertThat(pod.run("start-redis.sh", "redis-0").output())
                .contains("handing over")
                .contains("--replicaof redis-1 6379");
    }

    @Test
    void crashedMasterGoesOnWhenNobodyIsPromoted() {
        pod.patience(100).withData().naming("redis-0", ALL).remembering(ALL);
        following("up", -1);
        assertThat(pod.run("start-redis.sh", "redis-0").output())
                .contains("nobody was promoted")
                .contains("starting as master");
    }

    @Test
    void replicaThatWasAwayForLongIsNoSuccessor() {
        pod.withData().naming("redis-0", ALL).remembering(ALL).promoting("redis-1", "sentinel-0");
        following("down", 11);
        assertThat(pod.run("start-redis.sh", "redis-0").output()).contains("starting as master");
        assertThat(pod.asked()).noneMatch(question -> question.contains("FAILOVER"));
    }

    private void following(String link, int downSince) {
        pod.answers(
                "redis-1",
                "INFO replication",
                "role:slave\r\nmaster_host:redis-0\r\nmaster_link_status:%s\r\nmaster_link_down_since_seconds:%d\r"
                        .formatted(link, downSince));
    }

    @Test
    void replicaCanBePromotedOnceItHasFollowed() {
        pod.naming("redis-0", ALL).answers("here", "INFO replication", "role:slave\r\nmaster_link_status:up\r");
        pod.run("start-redis.sh", "redis-1");
        assertThat(pod.asked()).contains(PROMOTABLE);
    }

    @Test
    void replicaWithDataCanBePromotedAfterAWhile() {
        pod.patience(100).withData().naming("redis-0", ALL).remembering(ALL);
        pod.run("start-redis.sh", "redis-1");
        assertThat(pod.asked())
                .contains(PROMOTABLE)
                .filteredOn("here INFO replication"::equals)
                .hasSizeGreaterThan(60);
    }

    @Test
    void replicaWithoutDataCannotBePromotedBeforeItHasFollowed() {
        pod.patience(100).naming("redis-0", ALL).run("start-redis.sh", "redis-1");
        assertThat(pod.asked())
                .doesNotContain(PROMOTABLE)
                .filteredOn("here INFO replication"::equals)
                .hasSize(100);
    }

    @Test
    void replicaStopsWithoutAWord() {
        assertThat(pod.answers("here", "ROLE", "slave").run("stop-redis.sh").exitCode())
                .isZero();
        assertThat(pod.asked()).containsExactly("here ROLE");
    }

    @Test
    void masterStopsOnceAnotherOneIsNamed() {
        pod.answers("here", "ROLE", "master").naming("redis-0", ALL).promoting("redis-1", "sentinel-1");
        assertThat(pod.run("stop-redis.sh").exitCode()).isZero();
        assertThat(pod.asked())
                .containsExactly(
                        "here ROLE",
                        "sentinel-0 SENTINEL FAILOVER mymaster",
                        "sentinel-1 SENTINEL FAILOVER mymaster",
                        "sentinel-1 SENTINEL GET-MASTER-ADDR-BY-NAME mymaster");
    }

    @Test
    void masterStopsInTheEndWhenNobodyIsPromoted() {
        pod.patience(100).answers("here", "ROLE", "master").naming("redis-0", ALL);
        pod.answers("sentinel-0", "SENTINEL FAILOVER mymaster", "OK");
        assertThat(pod.run("stop-redis.sh").exitCode()).isZero();
        assertThat(pod.asked()).hasSize(2 + 51);
    }

    /** Not even with a wrong password: it is not about this one. */
    @Test
    void redisThatAsksForAPasswordIsAlive() {
        pod.answers("nobody at here", "PING", "NOAUTH Authentication required.");
        assertThat(pod.run("redis-alive.sh").exitCode()).isZero();
    }

    @Test
    void redisThatDoesNotAnswerIsNotAlive() {
        assertThat(pod.run("redis-alive.sh").exitCode()).isNotZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "loading:0\r\nrole:master\r\nmin_slaves_good_slaves:1\r",
                "loading:0\r\nrole:slave\r\nmaster_link_status:up\r"
            })
    void redisThatDoesItsPartIsReady(String info) {
        assertThat(pod.answers("here", "INFO", info).run("redis-healthy.sh").exitCode())
                .isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "loading:0\r\nrole:master\r\nmin_slaves_good_slaves:0\r",
                "loading:0\r\nrole:slave\r\nmaster_link_status:down\r",
                "loading:1\r\nrole:slave\r\nmaster_link_status:up\r",
                ""
            })
    void redisThatDoesNotIsNot(String info) {
        assertThat(pod.answers("here", "INFO", info).run("redis-healthy.sh").exitCode())
                .isNotZero();
    }

    @Test
    void sentinelsBeginWithTheFirstRedis() {
        assertThat(sentinelConfiguration("sentinel-2"))
                .contains("sentinel monitor mymaster redis-0 6379 2")
                .contains("sentinel announce-ip sentinel-2");
    }

    @Test
    void sentinelThatLostItsDiskAsksTheOthers() {
        pod.naming("redis-2", "sentinel-2");
        assertThat(sentinelConfiguration("sentinel-0")).contains("sentinel monitor mymaster redis-2 6379 2");
    }

    @Test
    void sentinelDoesNotAskItself() {
        pod.naming("redis-2", "sentinel-0");
        assertThat(sentinelConfiguration("sentinel-0")).contains("sentinel monitor mymaster redis-0 6379 2");
    }

    @Test
    void sentinelTakesAnOperatorsWordOnce() {
        pod.withFile("first-master", "redis-1\n").naming("redis-2", "sentinel-2");
        assertThat(sentinelConfiguration("sentinel-0")).contains("sentinel monitor mymaster redis-1 6379 2");
        assertThat(pod.has("first-master")).isFalse();
    }

    @Test
    void sentinelKeepsItsMemory() {
        String memory = "sentinel monitor mymaster redis-1 6379 2\nsentinel known-replica mymaster redis-0 6379\n";
        pod.withFile("sentinel.conf", memory).naming("redis-2", "sentinel-2");
        assertThat(sentinelConfiguration("sentinel-0")).startsWith(memory).doesNotContain("redis-2");
    }

    /** Those of a Sentinel that knew none, and of one that knew others. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "port 26379\n",
                "user default on nopass\nuser operator on >old\nsentinel auth-pass mymaster old\nsentinel sentinel-pass old\n"
            })
    void sentinelHasTheUsersAndPasswordsOfNow(String memory) {
        pod.withFile("sentinel.conf", memory + "sentinel monitor mymaster redis-1 6379 2\n");
        assertThat(sentinelConfiguration("sentinel-0").lines())
                .contains(
                        "user default off",
                        "sentinel auth-user mymaster sentinel",
                        "sentinel auth-pass mymaster " + ScriptRun.password("sentinel"),
                        "sentinel sentinel-user sentinel",
                        "sentinel sentinel-pass " + ScriptRun.password("sentinel"))
                .filteredOn(line -> line.startsWith("port") || line.contains("old") || line.contains("nopass"))
                .containsExactly("port 26379");
    }

    @Test
    void redisHasUsersAndShowsNoPassword() {
        String output =
                pod.naming("redis-0", ALL).run("start-redis.sh", "redis-0").output();
        assertThat(output).contains("--include ").doesNotContain(ScriptRun.password(""));
        assertThat(pod.read("tmp/access.conf").lines())
                .contains(
                        "user default off resetpass ~* &* +@all",
                        "masteruser replica",
                        "masterauth " + ScriptRun.password("replica"),
                        "port 6379")
                .filteredOn(line -> line.startsWith("user "))
                .hasSize(1 + ScriptRun.USERS.size());
    }

    @Test
    void nobodyElseReadsWhatHasPasswordsInIt() throws IOException {
        pod.naming("redis-0", ALL).run("start-redis.sh", "redis-0");
        sentinelConfiguration("sentinel-0");
        for (String file : List.of("tmp/access.conf", "data/sentinel.conf")) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve(file))))
                    .isEqualTo("rw-------");
        }
    }

    private String sentinelConfiguration(String name) {
        pod.answers("here", "SENTINEL DEBUG ping-period 300 info-period 1000 ask-period 300", "OK");
        assertThat(pod.run("start-sentinel.sh", name).output()).contains("sentinel.conf --sentinel");
        return pod.read("data/sentinel.conf");
    }
}
