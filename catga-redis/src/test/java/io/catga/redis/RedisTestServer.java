package io.catga.redis;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.utility.DockerImageName;

/** A single Redis in a container, shared by all tests that do not break it. */
final class RedisTestServer extends GenericContainer<RedisTestServer> {

    static final DockerImageName IMAGE = DockerImageName.parse(Optional.ofNullable(System.getProperty("redis.image"))
            .or(() -> Optional.ofNullable(System.getenv("REDIS_IMAGE")))
            .orElse("redis:8.10.2-alpine"));

    private static final AtomicInteger PREFIXES = new AtomicInteger();

    private RedisTestServer() {
        super(IMAGE);
        withExposedPorts(6379);
        withCommand("redis-server", "--protected-mode", "no", "--save", "");
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

    /** Options under which nobody else's keys are seen. */
    RedisOptions newSystem() {
        return RedisOptions.standalone(getHost() + ":" + getMappedPort(6379), "test")
                .withKeyPrefix("test-" + PREFIXES.incrementAndGet() + ":");
    }
}
