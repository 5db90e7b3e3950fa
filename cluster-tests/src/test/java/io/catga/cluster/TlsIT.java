package io.catga.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The cluster with {@code TLS=on}, which is then started without it again. */
@ClusterTest
class TlsIT {

    private static final int NATS = 4222;
    private static final int REDIS = 6379;

    @BeforeAll
    static void on() {
        Cluster.runScript(Map.of("TLS", "on"), "./start-cluster.sh");
    }

    @AfterAll
    static void off() {
        Cluster.startByScript();
        Cluster.awaitHealthy();
    }

    /** The start has placed an order, and seen its event at both notification instances. */
    @Test
    void allIsWellAlsoAfterAFailover() {
        Shell.docker("exec", "cluster-sentinel-1", "/catga/cli.sh", "-p", "26379", "SENTINEL", "FAILOVER", "mymaster");
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(
                        () -> assertThat(Orders.place("ada").statusCode()).isEqualTo(201));
        await("metrics of Redis by way of TLS, and nothing amiss")
                .atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofSeconds(2))
                .untilAsserted(() -> {
                    assertThat(PrometheusIT.query("redis_up == 1")).hasSize(6);
                    assertThat(Shell.run(Duration.ofMinutes(1), Map.of(), "./doctor.sh")
                                    .output())
                            .contains("0 problems");
                });
    }

    @Test
    void natsSpeaksNothingElse() throws IOException {
        try (Socket socket = new Socket("127.0.0.1", NATS)) {
            socket.setSoTimeout(5_000);
            BufferedReader lines =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
            assertThat(lines.readLine()).startsWith("INFO ").contains("\"tls_required\":true");

            socket.getOutputStream()
                    .write((Nats.connect("\"verbose\":false") + "PING\r\n").getBytes(StandardCharsets.US_ASCII));

            assertThat(lines.readLine()).isIn("-ERR 'Secure Connection - TLS Required'", null);
        }
    }

    @Test
    void serversOfNatsSpeakNothingElseAmongThemselves() {
        assertThat(Orders.get("http://127.0.0.1:8222/varz").body())
                .containsPattern("\"cluster\": \\{[^}]*\"tls_required\": true");
    }

    @Test
    void redisSpeaksNothingElse() throws IOException {
        try (Socket socket = new Socket("127.0.0.1", REDIS)) {
            socket.setSoTimeout(5_000);
            socket.getOutputStream().write("PING\r\n".getBytes(StandardCharsets.US_ASCII));

            byte[] answer = socket.getInputStream().readNBytes(64);

            // hung up on, with a TLS alert or without
            assertThat(new String(answer, StandardCharsets.US_ASCII)).doesNotContain("PONG", "NOAUTH");
        }
    }

    @Test
    void redisProvesWhoItIs() throws Exception {
        try (SSLSocket socket = handshake(trusting())) {
            socket.getOutputStream().write("PING\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))
                            .readLine())
                    .startsWith("-NOAUTH");
        }
        // not to those who trust the usual authorities
        assertThatThrownBy(() -> handshake(SSLContext.getDefault())).isInstanceOf(SSLException.class);
    }

    private static SSLSocket handshake(SSLContext context) throws IOException {
        SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", REDIS);
        try {
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            socket.setSSLParameters(parameters);
            socket.startHandshake();
            return socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    private static SSLContext trusting() throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        try (InputStream authority = Files.newInputStream(Shell.root(".cluster/secrets/ca.pem"))) {
            store.setCertificateEntry(
                    "cluster", CertificateFactory.getInstance("X.509").generateCertificate(authority));
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }
}
