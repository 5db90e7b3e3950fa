package io.catga.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Connections over TLS, and those that must not come about. */
class RedisTlsTest {

    private static final Duration SOON = Duration.ofSeconds(20);

    private static final TestCertificates CERTIFICATES = TestCertificates.of("localhost", "192.0.2.1");
    private static final TestCertificates FOR_ELSEWHERE = TestCertificates.of("elsewhere.test", "192.0.2.1");

    private static final RedisTestServer SERVER = RedisTestServer.secured(CERTIFICATES);
    private static final RedisTestServer ELSEWHERE = RedisTestServer.secured(FOR_ELSEWHERE);

    private final Logged log = Logged.begin();

    @BeforeAll
    static void startServers() {
        SERVER.start();
        ELSEWHERE.start();
    }

    @AfterAll
    static void stopServers() {
        SERVER.stop();
        ELSEWHERE.stop();
    }

    @AfterEach
    void close() {
        log.close();
    }

    private void assertNotUsed(RedisTestServer server, RedisAccess access, String why) {
        try (RedisLink link = new RedisLink(server.newSystem().withAccess(access))) {
            link.start();

            await().atMost(SOON)
                    .until(() -> log.linesWith("Redis at " + server.address()).stream()
                            .anyMatch(line -> line.contains(why)));
            assertThat(link.isWritable()).isFalse();
        }
    }

    @Test
    void connectsToAServerWhoseCertificateItKnows() {
        RedisSystem.start(SERVER.newSystem().withAccess(CERTIFICATES.trustedBy(RedisAccess.open())))
                .close();
    }

    @Test
    void refusesACertificateOfAnotherAuthority() {
        assertNotUsed(SERVER, FOR_ELSEWHERE.trustedBy(RedisAccess.open()), "certification path");
    }

    @Test
    void refusesACertificateForAnotherHost() {
        assertNotUsed(ELSEWHERE, FOR_ELSEWHERE.trustedBy(RedisAccess.open()), "No subject alternative");
    }

    @Test
    void sendsNothingInTheOpenToAServerWithoutTls() {
        assertNotUsed(
                RedisTestServer.shared(),
                CERTIFICATES.trustedBy(RedisAccess.open().withLogin(null, "sesame")),
                "cannot be used");
    }

    @Test
    void isRefusedWithoutTlsByAServerThatWantsIt() {
        assertNotUsed(SERVER, RedisAccess.open(), "Connection closed prematurely");
    }
}
