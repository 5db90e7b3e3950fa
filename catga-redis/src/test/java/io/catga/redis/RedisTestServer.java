package io.catga.redis;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.images.builder.Transferable;
import org.testcontainers.utility.DockerImageName;

/** A single Redis in a container, shared by all tests that do not break it. */
final class RedisTestServer extends GenericContainer<RedisTestServer> {

    static final DockerImageName IMAGE = DockerImageName.parse(Optional.ofNullable(System.getProperty("redis.image"))
            .or(() -> Optional.ofNullable(System.getenv("REDIS_IMAGE")))
            .orElse("redis:8.10.2-alpine"));

    private static final AtomicInteger PREFIXES = new AtomicInteger();

    private RedisTestServer(String... options) {
        super(IMAGE);
        withExposedPorts(6379);
        withCommand(Stream.concat(Stream.of("redis-server", "--protected-mode", "no", "--save", ""), Stream.of(options))
                .toArray(String[]::new));
        waitingFor(Wait.forLogMessage(".*Ready to accept connections.*", 1));
        withStartupTimeout(Duration.ofSeconds(60));
    }

    private static final class Shared {
        static final RedisTestServer SERVER = new RedisTestServer();

        static {
            SERVER.start();
            Runtime.getRuntime().addShutdownHook(new Thread(SERVER::stop));
        }
    }

    static RedisTestServer shared() {
        return Shared.SERVER;
    }

    /**
     * Not started; it lets in only these.
     *
     * @param users lines of an ACL file
     */
    static RedisTestServer withUsers(String users) {
        return new RedisTestServer("--aclfile", "/tmp/users.acl")
                .withCopyToContainer(Transferable.of(users), "/tmp/users.acl");
    }

    /** Not started; everybody may do everything, over TLS. */
    static RedisTestServer secured(TestCertificates certificates) {
        return certificates.copyTo(new RedisTestServer(
                Stream.concat(Stream.of("--port", "0", "--tls-port", "6379"), TestCertificates.arguments())
                        .toArray(String[]::new)));
    }

    String address() {
        return getHost() + ":" + getMappedPort(6379);
    }

    /** Options under which nobody else's keys are seen. */
    RedisOptions newSystem() {
        return RedisOptions.standalone(address(), "test").withKeyPrefix("test-" + PREFIXES.incrementAndGet() + ":");
    }
}
