package io.catga.nats;

import io.nats.client.Connection;
import io.nats.client.Nats;
import io.nats.client.Options;
import io.netty.pkitesting.X509Bundle;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.Network;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.images.builder.Transferable;
import org.testcontainers.utility.DockerImageName;

/** A NATS server in a container, with the settings of the order cluster that matter here. */
final class NatsTestServer extends GenericContainer<NatsTestServer> {

    private static final String IMAGE = Optional.ofNullable(System.getProperty("nats.image"))
            .or(() -> Optional.ofNullable(System.getenv("NATS_IMAGE")))
            .orElse("nats:2.15.1-alpine");

    /** The names of the nodes of a cluster. */
    static final List<String> NODES = List.of("nats-1", "nats-2", "nats-3");

    /** The names of clusters that gateways join. */
    static final List<String> SITES = List.of("one", "two");

    private static final AtomicInteger SYSTEMS = new AtomicInteger();

    private NatsTestServer(String name, String cluster) {
        super(DockerImageName.parse(IMAGE));
        withExposedPorts(4222);
        withCopyToContainer(Transferable.of("""
                server_name: %s
                ping_interval: "250ms"
                ping_max: 2
                write_deadline: "2s"
                jetstream { store_dir: "/tmp/jetstream" }
                %s
                """.formatted(name, cluster)), "/tmp/nats.conf");
        withCommand("-c", "/tmp/nats.conf");
        waitingFor(Wait.forLogMessage(".*Server is ready.*", 1));
        withStartupTimeout(Duration.ofSeconds(60));
    }

    private static final class Shared {
        static final NatsTestServer SERVER = new NatsTestServer("single", "");

        static {
            SERVER.start();
            Runtime.getRuntime().addShutdownHook(new Thread(SERVER::stop));
        }
    }

    /** One server for all tests that do not break it; it ends with the JVM. */
    static NatsTestServer shared() {
        return Shared.SERVER;
    }

    /** Not started; with settings of its own, such as users. */
    static NatsTestServer with(String settings) {
        return new NatsTestServer("single", settings);
    }

    /**
     * The same over TLS.
     *
     * @param certificate shown by the server
     * @param settings    more of its settings
     */
    static NatsTestServer secured(X509Bundle certificate, String settings) {
        return with("""
                tls {
                  cert_file: "/tmp/server.crt"
                  key_file: "/tmp/server.key"
                  ca_file: "/tmp/ca.crt"
                  %s
                }
                """.formatted(settings))
                .withCopyToContainer(Transferable.of(certificate.getCertificatePathPEM()), "/tmp/server.crt")
                .withCopyToContainer(Transferable.of(certificate.getPrivateKeyPEM()), "/tmp/server.key")
                .withCopyToContainer(Transferable.of(certificate.getRootCertificatePEM()), "/tmp/ca.crt");
    }

    /** Not started; its nodes find each other by their names in the network. */
    static List<NatsTestServer> cluster(Network network) {
        return NODES.stream()
                .map(name -> new NatsTestServer(name, """
                        cluster {
                          name: test
                          port: 6222
                          routes: ["nats://nats-1:6222", "nats://nats-2:6222", "nats://nats-3:6222"]
                          ping_interval: "250ms"
                          ping_max: 2
                        }
                        """).withNetwork(network).withNetworkAliases(name))
                .toList();
    }

    /** As {@link #cluster}, but each node is a cluster of its own, with its name, and gateways join them. */
    static List<NatsTestServer> sites(Network network) {
        return SITES.stream()
                .map(name -> new NatsTestServer(name, """
                        cluster { name: %1$s, port: 6222, routes: ["nats://%1$s:6222"] }
                        gateway {
                          name: %1$s
                          port: 7222
                          gateways: [
                            { name: one, urls: ["nats://one:7222"] }
                            { name: two, urls: ["nats://two:7222"] }
                          ]
                        }
                        """.formatted(name))
                        .withNetwork(network)
                        .withNetworkAliases(name))
                .toList();
    }

    String url() {
        return "nats://" + getHost() + ":" + getMappedPort(4222);
    }

    /** What can be asked over a connection that is nobody else's. */
    interface Question<T> {
        T ask(Connection connection) throws Exception;
    }

    <T> T ask(Question<T> question) throws Exception {
        // The client's own limit is 2 s, which a machine that starts ten servers may need.
        Connection connection = Nats.connect(Options.builder()
                .server(url())
                .connectionTimeout(Duration.ofSeconds(20))
                .build());
        try {
            return question.ask(connection);
        } finally {
            connection.close();
        }
    }

    /** Options for a system that shares the server with others: its subjects and streams are its own. */
    static NatsOptions newSystem(List<String> servers) {
        String name = "test-" + SYSTEMS.incrementAndGet();
        return NatsOptions.defaults()
                .withServers(servers)
                .withSubjectPrefix(name)
                .withEvents(NatsEventOptions.defaults()
                        .withStreams(name + "-events", name + "-dead")
                        .withRetention(NatsEventOptions.Retention.defaults()
                                .withReplicas(1)
                                .withMaxBytes(16 << 20)));
    }
}
