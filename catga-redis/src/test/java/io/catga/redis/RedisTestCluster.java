package io.catga.redis;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.images.builder.Transferable;

/**
 * A master, two replicas and three Sentinels with the settings of the order cluster that matter here. All in one
 * container, on ports that are the same inside and outside: so the addresses that the Sentinels give are right for the
 * test as well.
 */
final class RedisTestCluster extends GenericContainer<RedisTestCluster> {

    private static final String SCRIPT = """
            #!/bin/sh
            # server PORT [options]: starts a Redis, its process id in /tmp/PORT.pid
            server() {
              port=$1; shift
              mkdir -p "/tmp/$port"
              redis-server $PORT_OPTION "$port" --dir "/tmp/$port" --pidfile "/tmp/$port.pid" --daemonize yes \
                --protected-mode no --save '' --replica-announce-ip 127.0.0.1 --min-replicas-to-write 1 \
                --min-replicas-max-lag 3 --repl-diskless-sync-delay 0 --repl-ping-replica-period 1 --repl-timeout 5 $SERVER_OPTIONS "$@"
            }
            sentinel() {
              cat >"/tmp/$1.conf" <<CONF
            $SENTINEL_PORT $1
            pidfile /tmp/$1.pid
            daemonize yes
            protected-mode no
            sentinel announce-ip 127.0.0.1
            sentinel monitor mymaster 127.0.0.1 $2 2
            sentinel down-after-milliseconds mymaster 1000
            sentinel failover-timeout mymaster 10000
            sentinel parallel-syncs mymaster 2
            $SENTINEL_LINES
            CONF
              redis-server "/tmp/$1.conf" --sentinel
              until redis-cli $CLI -p "$1" SENTINEL DEBUG ping-period 300 info-period 1000 ask-period 300 | grep -q OK; do sleep 0.1; done
            }
            server $1
            server $2 --replicaof 127.0.0.1 $1
            server $3 --replicaof 127.0.0.1 $1
            sentinel $4 $1
            sentinel $5 $1
            sentinel $6 $1
            echo all started
            exec sleep 600
            """;

    /** Who the nodes and the Sentinels are for each other where there are users. */
    private static final String INTERNAL = "user internal on >internal-sesame ~* &* +@all";

    private final List<Integer> ports;

    private RedisTestCluster(List<Integer> ports) {
        super(RedisTestServer.IMAGE);
        withEnv("PORT_OPTION", "--port");
        withEnv("SENTINEL_PORT", "port");
        this.ports = ports;
        ports.forEach(port -> addFixedExposedPort(port, port));
        withCopyToContainer(Transferable.of(SCRIPT, 0755), "/tmp/cluster.sh");
        withCreateContainerCmdModifier(command -> command.withEntrypoint(Stream.concat(
                        Stream.of("/bin/sh", "/tmp/cluster.sh"), ports.stream().map(String::valueOf))
                .toArray(String[]::new)));
        waitingFor(Wait.forLogMessage(".*all started.*", 1));
        withStartupTimeout(Duration.ofSeconds(60));
    }

    static RedisTestCluster begin() {
        RedisTestCluster cluster = new RedisTestCluster(freePorts(6));
        cluster.start();
        return cluster;
    }

    /**
     * Over TLS, with users.
     *
     * @param user         that of Redis, as a line of an ACL file
     * @param sentinelUser that of the Sentinels, likewise
     */
    static RedisTestCluster begin(TestCertificates certificates, String user, String sentinelUser) {
        String users = String.join("\n", "user default off", INTERNAL, user);
        String sentinels = String.join(
                "\n",
                "port 0",
                "user default off",
                INTERNAL,
                sentinelUser,
                String.join("\n", TestCertificates.OPTIONS),
                "sentinel sentinel-user internal",
                "sentinel sentinel-pass internal-sesame",
                "sentinel auth-user mymaster internal",
                "sentinel auth-pass mymaster internal-sesame");
        RedisTestCluster cluster = certificates
                .copyTo(new RedisTestCluster(freePorts(6)))
                .withCopyToContainer(Transferable.of(users), "/tmp/users.acl")
                .withEnv("PORT_OPTION", "--port 0 --tls-port")
                .withEnv(
                        "SERVER_OPTIONS",
                        "--aclfile /tmp/users.acl --masteruser internal --masterauth internal-sesame "
                                + TestCertificates.arguments().collect(Collectors.joining(" ")))
                .withEnv("SENTINEL_PORT", "tls-port")
                .withEnv("SENTINEL_LINES", sentinels)
                .withEnv("CLI", "--user internal --pass internal-sesame --no-auth-warning --tls --cacert /tmp/ca.crt");
        cluster.start();
        return cluster;
    }

    private static List<Integer> freePorts(int count) {
        List<ServerSocket> sockets = new ArrayList<>();
        try {
            for (int i = 0; i < count; i++) {
                sockets.add(new ServerSocket(0));
            }
            List<Integer> free =
                    sockets.stream().map(ServerSocket::getLocalPort).toList();
            for (ServerSocket socket : sockets) {
                socket.close();
            }
            return free;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    RedisOptions options() {
        return RedisOptions.sentinel(
                sentinels().stream().map(port -> "127.0.0.1:" + port).toList(), "mymaster", "test");
    }

    List<Integer> sentinels() {
        return ports.subList(3, 6);
    }

    List<Integer> nodes() {
        return ports.subList(0, 3);
    }

    /** Sends a signal to the process on a port. */
    void signal(String signal, int port) {
        run("sh", "-c", "kill -%s $(cat /tmp/%d.pid)".formatted(signal, port));
    }

    /** Has the Sentinels replace a master that is alive. */
    void failover() {
        String answer = run("sh", "-c", "redis-cli $CLI -p %d SENTINEL FAILOVER mymaster".formatted(ports.get(3)));
        if (!answer.startsWith("OK")) {
            throw new IllegalStateException("no failover: " + answer);
        }
    }

    String run(String... command) {
        try {
            ExecResult result = execInContainer(command);
            if (result.getExitCode() != 0) {
                throw new IllegalStateException(String.join(" ", command) + ": " + result);
            }
            return result.getStdout();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
