package io.catga.nats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Connections over TLS, and those that must not come about. */
class NatsTlsTest {

    private static final Duration SOON = Duration.ofSeconds(20);

    private static final X509Bundle AUTHORITY = authority("one");
    private static final X509Bundle OTHER_AUTHORITY = authority("other");

    private static final NatsTestServer SERVER = NatsTestServer.secured(certificate(AUTHORITY, true), "timeout: 5");
    private static final NatsTestServer ELSEWHERE = NatsTestServer.secured(certificate(AUTHORITY, false), "timeout: 5");
    private static final NatsTestServer MUTUAL =
            NatsTestServer.secured(certificate(AUTHORITY, true), "verify: true, timeout: 5");

    private final Logged log = Logged.begin();
    private final List<NatsLink> links = new ArrayList<>();

    @BeforeAll
    static void startServers() {
        List.of(SERVER, ELSEWHERE, MUTUAL).parallelStream().forEach(NatsTestServer::start);
    }

    @AfterAll
    static void stopServers() {
        List.of(SERVER, ELSEWHERE, MUTUAL).forEach(NatsTestServer::stop);
    }

    @AfterEach
    void close() {
        links.forEach(NatsLink::close);
        log.close();
    }

    private static X509Bundle authority(String name) {
        try {
            return new CertificateBuilder()
                    .subject("CN=authority " + name)
                    .setIsCertificateAuthority(true)
                    .buildSelfSigned();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static X509Bundle certificate(X509Bundle authority, boolean forTheTest) {
        try {
            return new CertificateBuilder()
                    .subject("CN=server")
                    // By name only, as the servers of a cluster have theirs.
                    .addSanDnsName(forTheTest ? "localhost" : "elsewhere.test")
                    .buildIssuedBy(authority);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static SSLContext trusting(X509Bundle authority, @Nullable X509Bundle own) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(
                    own == null ? null : own.toKeyManagerFactory().getKeyManagers(),
                    authority.toTrustManagerFactory().getTrustManagers(),
                    null);
            return context;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private NatsLink connect(NatsTestServer server, NatsAccess access) {
        NatsLink link =
                new NatsLink(NatsTestServer.newSystem(List.of(server.url())).withAccess(access));
        links.add(link);
        link.start();
        return link;
    }

    private void assertRefused(NatsTestServer server, NatsAccess access, String why) {
        NatsLink link = connect(server, access);

        await().atMost(SOON)
                .until(() -> log.linesWith("No connection to NATS yet").stream()
                        .anyMatch(line -> line.contains(server.url()) && line.contains(why)));
        assertThat(link.isConnected()).isFalse();
    }

    @Test
    void connectsToAServerWhoseCertificateItKnows() {
        NatsLink link = connect(SERVER, NatsAccess.open().withTls(trusting(AUTHORITY, null)));

        await().atMost(SOON).until(link::isConnected);
        assertThat(link.connectedServer()).isEqualTo("single");
    }

    @Test
    void comesBackOverTlsWhenTheConnectionBreaks() throws Exception {
        NatsTestServer server = NatsTestServer.secured(certificate(AUTHORITY, true), "timeout: 5");
        server.start();
        try (CuttableProxy proxy = new CuttableProxy(server).open()) {
            NatsLink link = new NatsLink(NatsTestServer.newSystem(List.of(proxy.url()))
                    .withAccess(NatsAccess.open().withTls(trusting(AUTHORITY, null))));
            links.add(link);
            link.start();
            await().atMost(SOON).until(link::isConnected);

            proxy.shut();
            await().atMost(SOON).until(() -> !link.isConnected());
            proxy.open();

            await().atMost(SOON).until(() -> link.reconnects() == 1 && link.isConnected());
        } finally {
            server.stop();
        }
    }

    @Test
    void refusesACertificateOfAnotherAuthority() {
        assertRefused(SERVER, NatsAccess.open().withTls(trusting(OTHER_AUTHORITY, null)), "valid certification path");
    }

    /** The client of NATS would accept it: it does not compare names. */
    @Test
    void refusesACertificateForAnotherHost() {
        assertRefused(ELSEWHERE, NatsAccess.open().withTls(trusting(AUTHORITY, null)), "No subject alternative");
    }

    @Test
    void sendsNothingInTheOpenToAServerThatOffersNoTls() {
        NatsTestServer open = NatsTestServer.shared();

        assertRefused(
                open,
                NatsAccess.open().withUser("me", "sesame").withTls(trusting(AUTHORITY, null)),
                "SSL connection wanted by client");
    }

    @Test
    void isRefusedWithoutTlsByAServerThatWantsIt() {
        assertRefused(SERVER, NatsAccess.open(), "SSL required by server");
    }

    @Test
    void showsItsOwnCertificateToAServerThatAsksForOne() {
        NatsLink link = connect(MUTUAL, NatsAccess.open().withTls(trusting(AUTHORITY, certificate(AUTHORITY, false))));

        await().atMost(SOON).until(link::isConnected);
    }

    @Test
    void isRefusedWithoutACertificateOfItsOwnByAServerThatAsksForOne() {
        assertRefused(MUTUAL, NatsAccess.open().withTls(trusting(AUTHORITY, null)), "");
    }
}
