package io.catga.redis;

import io.catga.store.Outbox;
import io.catga.store.StateStore;
import io.catga.test.OutboxCompatibilityKit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

class RedisOutboxCompatibilityTest extends OutboxCompatibilityKit {

    @Override
    protected Deployment deploy(Duration claim) {
        RedisOptions options = RedisTestServer.shared().newSystem().withClaimAfter(claim);
        List<RedisSystem> systems = new ArrayList<>(List.of(RedisSystem.start(options)));
        return new Deployment() {
            @Override
            public StateStore store() {
                return systems.getFirst().store();
            }

            @Override
            public Outbox relay(String name) {
                RedisSystem relay = RedisSystem.start(options.withClient(name));
                systems.add(relay);
                return relay.outbox();
            }

            @Override
            public void close() {
                systems.forEach(RedisSystem::close);
            }
        };
    }
}
