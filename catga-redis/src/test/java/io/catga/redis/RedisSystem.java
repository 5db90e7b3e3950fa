package io.catga.redis;

import static org.awaitility.Awaitility.await;

import java.time.Clock;
import java.time.Duration;

/** All that an application has of this module, started as it should be. */
final class RedisSystem implements AutoCloseable {

    private final RedisLink link;
    private final RedisStateStore store;

    private RedisSystem(RedisOptions options) {
        link = new RedisLink(options);
        store = new RedisStateStore(link, Clock.systemUTC());
    }

    static RedisSystem start(RedisOptions options) {
        RedisSystem system = new RedisSystem(options);
        system.link.start();
        system.store.start();
        await("Redis takes writes").atMost(Duration.ofSeconds(30)).until(system.link::isWritable);
        return system;
    }

    RedisLink link() {
        return link;
    }

    RedisStateStore store() {
        return store;
    }

    RedisOutbox outbox() {
        return new RedisOutbox(link, Clock.systemUTC());
    }

    @Override
    public void close() {
        store.close();
        link.close();
    }
}
