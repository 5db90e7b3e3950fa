package io.catga.test;

import io.catga.store.InMemoryStateStore;
import io.catga.store.Outbox;
import io.catga.store.StateStore;
import java.time.Clock;
import java.time.Duration;

class InMemoryOutboxCompatibilityTest extends OutboxCompatibilityKit {

    @Override
    protected Deployment deploy(Duration claim) {
        InMemoryStateStore store = new InMemoryStateStore(Clock.systemUTC(), claim);
        return new Deployment() {
            @Override
            public StateStore store() {
                return store;
            }

            @Override
            public Outbox relay(String name) {
                return store;
            }
        };
    }
}
