package io.catga.spring;

import java.time.Duration;
import java.util.Optional;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.utility.DockerImageName;

/** NATS and Redis in containers of their own; the images can be chosen as for the tests of the two modules. */
final class TestServers {

    private static final Duration STARTUP = Duration.ofSeconds(60);

    private TestServers() {}

    static GenericContainer<?> nats() {
        return new GenericContainer<>(image("NATS_IMAGE", "nats:2.15.1-alpine"))
                .withExposedPorts(4222)
                .withCommand("-js", "-sd", "/tmp/jetstream")
                .waitingFor(Wait.forLogMessage(".*Server is ready.*", 1))
                .withStartupTimeout(STARTUP);
    }

    static GenericContainer<?> redis() {
        return new GenericContainer<>(image("REDIS_IMAGE", "redis:8.10.2-alpine"))
                .withExposedPorts(6379)
                .withCommand("redis-server", "--protected-mode", "no", "--save", "")
                .waitingFor(Wait.forLogMessage(".*Ready to accept connections.*", 1))
                .withStartupTimeout(STARTUP);
    }

    private static DockerImageName image(String variable, String otherwise) {
        return DockerImageName.parse(
                Optional.ofNullable(System.getenv(variable)).orElse(otherwise));
    }
}
