package io.catga.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.catga.store.AtomicStep;
import io.catga.store.CommitOutcome;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Redis behind Sentinels, all of them over TLS and with users of their own. */
class RedisSecuredClusterTest {

    private static final Duration SOON = Duration.ofSeconds(20);
    private static final TestCertificates CERTIFICATES = TestCertificates.of("localhost", "127.0.0.1");

    @SuppressWarnings("NullAway.Init")
    private static RedisTestCluster cluster;

    private final Logged log = Logged.begin();

    @BeforeAll
    static void startCluster() {
        cluster = RedisTestCluster.begin(CERTIFICATES, TestUsers.SERVICE, TestUsers.ASKING);
    }

    @AfterAll
    static void stopCluster() {
        cluster.stop();
    }

    @AfterEach
    void close() {
        log.close();
    }

    private static RedisOptions options(String password, String sentinelPassword) {
        return cluster.options()
                .withAccess(CERTIFICATES.trustedBy(RedisAccess.open()
                        .withLogin("service", password)
                        .withSentinelLogin("asking", sentinelPassword)));
    }

    private static AtomicStep step(String key) {
        return AtomicStep.forKey("test", key, "as asked", new byte[0], Duration.ofMinutes(1))
                .put(key, new byte[0]);
    }

    @Test
    void everyConnectionShowsWhoItIsAlsoAfterAFailover() {
        try (RedisSystem system = RedisSystem.start(options("service-sesame", "asking-sesame"))) {
            CommitOutcome committed = new CommitOutcome.Committed();
            assertThat(system.store().commit(step("1"), Instant.now().plus(SOON)))
                    .isEqualTo(committed);

            // A Sentinel that has just begun knows no replica to promote yet.
            await().atMost(SOON).ignoreExceptions().untilAsserted(cluster::failover);

            await("another master").atMost(SOON).until(() -> system.link().failovers() == 1);
            assertThat(system.store().commit(step("2"), Instant.now().plus(SOON)))
                    .isEqualTo(committed);
        }
    }

    @Test
    void aWrongPasswordForTheSentinelsIsToldOnceForEachAndNobodyWaits() {
        try (RedisLink link = new RedisLink(options("service-sesame", "wrong-sesame"))) {
            link.start();

            await().atMost(SOON).until(() -> log.linesWith("The Sentinel at").size() == 3);
            await().during(Duration.ofSeconds(2))
                    .until(() -> log.linesWith("WRONGPASS").size() == 3);
            assertThat(log.linesWith("WRONGPASS"))
                    .allSatisfy(line -> assertThat(line)
                            .contains("check catga.redis.sentinel-username, catga.redis.sentinel-password"));
            assertThat(link.isWritable()).isFalse();
            assertThatThrownBy(() -> link.awaitMaster(Instant.now().plus(SOON)))
                    .hasMessageContaining("no Redis is master");
        }
    }

    @Test
    void aWrongPasswordForTheMasterIsToldOnceAndNobodyWaits() {
        try (RedisLink link = new RedisLink(options("wrong-sesame", "asking-sesame"))) {
            link.start();

            await().atMost(SOON).until(() -> log.linesWith("WRONGPASS").size() == 1);
            assertThat(log.linesWith("WRONGPASS")).singleElement().asString().startsWith("Redis at 127.0.0.1:");
            assertThat(link.isWritable()).isFalse();
            Instant begun = Instant.now();
            assertThatThrownBy(() -> link.awaitMaster(begun.plus(SOON))).hasMessageContaining("no Redis is master");
            assertThat(Duration.between(begun, Instant.now())).isLessThan(Duration.ofSeconds(3));
        }
    }
}
