package io.catga.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.catga.CatgaException;
import io.catga.ErrorCode;
import io.catga.transport.DeadLetter;
import io.catga.transport.DeadLetters;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DeadLetterMetersTest {

    private static final Instant NOW = Instant.parse("2026-11-25T10:00:00Z");

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final AtomicReference<Instant> now = new AtomicReference<>(NOW);
    private final Clock clock = ((InstantSource) now::get).withZone(ZoneOffset.UTC);

    private double value(String name) {
        return registry.get(name).gauge().value();
    }

    private void bind(Supplier<DeadLetters.Stats> stats) {
        new DeadLetterMeters(
                        new StatsOnly(stats), clock, task -> Thread.ofVirtual().start(task))
                .bindTo(registry);
    }

    @Test
    void saysHowManyThereAreAndHowOldTheOldestIs() {
        bind(() -> new DeadLetters.Stats(3, NOW.minusSeconds(90)));

        assertThat(value("catga.deadletters")).isEqualTo(3);
        assertThat(registry.get("catga.deadletters.age").timeGauge().value(TimeUnit.SECONDS))
                .isEqualTo(90);
    }

    @Test
    void isZeroWhereThereIsNone() {
        bind(() -> new DeadLetters.Stats(0, null));

        assertThat(value("catga.deadletters")).isZero();
        assertThat(value("catga.deadletters.age")).isZero();
    }

    @Test
    void asksAgainOnlyAfterAWhile() {
        AtomicInteger asked = new AtomicInteger();
        bind(() -> new DeadLetters.Stats(asked.incrementAndGet(), NOW));

        assertThat(value("catga.deadletters")).isEqualTo(1);
        assertThat(value("catga.deadletters")).isEqualTo(1);
        now.set(NOW.plusSeconds(5));
        assertThat(value("catga.deadletters")).isEqualTo(2);
    }

    @Test
    void isMissingWhileTheyCannotBeReached() {
        bind(() -> {
            throw new CatgaException(ErrorCode.UNAVAILABLE, "away");
        });

        assertThat(value("catga.deadletters")).isNaN();
        assertThat(value("catga.deadletters.age")).isNaN();
    }

    /** A scrape that waits is a scrape that fails, with everything else that it would have brought. */
    @Test
    void doesNotHoldUpAScrapeWhereNobodyAnswers() {
        CountDownLatch answering = new CountDownLatch(1);
        AtomicInteger asked = new AtomicInteger();
        bind(() -> {
            asked.incrementAndGet();
            try {
                answering.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return new DeadLetters.Stats(7, NOW);
        });
        long begun = System.nanoTime();

        assertThat(value("catga.deadletters")).isNaN();
        now.set(NOW.plusSeconds(60));
        assertThat(value("catga.deadletters.age")).isNaN();

        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(2));
        assertThat(asked).hasValue(1);
        answering.countDown();
        await().untilAsserted(() -> assertThat(value("catga.deadletters")).isEqualTo(7));
    }

    private record StatsOnly(Supplier<Stats> answer) implements DeadLetters {

        @Override
        public Stats stats() {
            return answer.get();
        }

        @Override
        public Page list(Filter filter, @Nullable String after, int limit) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Optional<DeadLetter> find(String id) {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean replay(String id) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Replayed replay(Filter filter) {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean purge(String id) {
            throw new UnsupportedOperationException();
        }

        @Override
        public long purge(Filter filter) {
            throw new UnsupportedOperationException();
        }
    }
}
