package io.catga.redis;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
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
              redis-server --port "$port" --dir "/tmp/$port" --pidfile "/tmp/$port.pid" --daemonize yes \
                --protected-mode no --save '' --replica-announce-ip 127.0.0.1 --min-replicas-to-write 1 \
                --min-replicas-max-lag 3 --repl-diskless-sync-delay 0 --repl-ping-replica-period 1 --repl-timeout 5 "$@"
            }
            sentinel() {
              cat >"/tmp/$1.conf" <<CONF
            port $1
            pidfile /tmp/$1.pid
            daemonize yes
            protected-mode no
            sentinel announce-ip 127.0.0.1
            sentinel monitor mymaster 127.0.0.1 $2 2
            sentinel down-after-milliseconds mymaster 1000
            sentinel failover-timeout mymaster 10000
            sentinel parallel-syncs mymaster 2
            CONF
              redis-server "/tmp/$1.conf" --sentinel
              until redis-cli -p "$1" SENTINEL DEBUG ping-period 300 info-period 1000 ask-period 300 | grep -q OK; do sleep 0.1; done
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

    private final List<Integer> ports;

    private RedisTestCluster(List<Integer> ports) {
        super(RedisTestServer.IMAGE);
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
        String answer = run("redis-cli", "-p", ports.get(3).toString(), "SENTINEL", "FAILOVER", "mymaster");
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
