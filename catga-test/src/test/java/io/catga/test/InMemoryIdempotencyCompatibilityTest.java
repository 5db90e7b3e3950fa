package io.catga.test;

import io.catga.store.InMemoryStateStore;
import io.catga.store.StateStore;
import java.time.Clock;
import java.time.Duration;

class InMemoryIdempotencyCompatibilityTest extends IdempotencyCompatibilityKit {

    private final StateStore store = new InMemoryStateStore(Clock.systemUTC(), Duration.ofSeconds(30));

    @Override
    protected StateStore store() {
        return store;
    }
}
