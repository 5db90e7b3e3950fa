package io.catga.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.catga.store.Outbox;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class OutboxMetersTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final CountDownLatch answers = new CountDownLatch(1);

    /** A store that looks for its master takes seconds to answer, and a scrape that waits for it is no scrape. */
    @Test
    @Timeout(20)
    void noScrapeWaitsForTheStore() {
        new CatgaStoreAutoConfiguration()
                .catgaOutboxMeters(new SlowOutbox(), Clock.fixed(NOW, ZoneOffset.UTC))
                .bindTo(registry);

        assertThat(gauge("catga.outbox.size")).isNaN();
        assertThat(gauge("catga.outbox.age")).isNaN();

        answers.countDown();
        await().untilAsserted(() -> assertThat(gauge("catga.outbox.size")).isEqualTo(3));
        assertThat(registry.get("catga.outbox.age").timeGauge().value(TimeUnit.SECONDS))
                .isEqualTo(7);
    }

    private double gauge(String name) {
        return registry.get(name).gauge().value();
    }

    private final class SlowOutbox implements Outbox {

        @Override
        public Backlog backlog() {
            try {
                answers.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return new Backlog(3, NOW.minusSeconds(7));
        }

        @Override
        public List<Entry> take(int max, Duration wait) {
            return List.of();
        }

        @Override
        public void remove(Collection<Entry> published) {
            throw new IllegalStateException("nothing was taken");
        }
    }
}
