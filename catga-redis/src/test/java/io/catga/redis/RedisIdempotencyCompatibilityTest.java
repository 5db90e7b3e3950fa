package io.catga.redis;

import io.catga.store.StateStore;
import io.catga.test.IdempotencyCompatibilityKit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class RedisIdempotencyCompatibilityTest extends IdempotencyCompatibilityKit {

    private static @Nullable RedisSystem system;

    @BeforeAll
    static void start() {
        system = RedisSystem.start(RedisTestServer.shared().newSystem());
    }

    @AfterAll
    static void close() {
        system().close();
    }

    private static RedisSystem system() {
        return java.util.Objects.requireNonNull(system);
    }

    @Override
    protected StateStore store() {
        return system().store();
    }
}
