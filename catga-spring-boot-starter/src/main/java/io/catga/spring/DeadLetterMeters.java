package io.catga.spring;

import io.catga.transport.DeadLetters;
import io.catga.transport.DeadLetters.Stats;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * How many dead letters there are, and how old the oldest is; every instance reports the same, so take the maximum.
 *
 * <p>A broker that hangs must not hold up a scrape: it is asked in the background, by one thread at a time and at most
 * once in five seconds, and a scrape waits briefly for each of the two values. They are missing until there is an answer,
 * and while there is none.
 */
final class DeadLetterMeters implements MeterBinder {

    private static final Duration FRESH = Duration.ofSeconds(5);
    private static final Duration PATIENCE = Duration.ofMillis(250);

    private final DeadLetters letters;
    private final Clock clock;
    private final Executor executor;
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable CompletableFuture<Stats> asked;
    private Instant askedAt = Instant.MIN;

    DeadLetterMeters(DeadLetters letters, Clock clock, Executor executor) {
        this.letters = letters;
        this.clock = clock;
        this.executor = executor;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        Gauge.builder("catga.deadletters", this, meters -> meters.value(Stats::count))
                .description("Events that a consumer gave up and that wait to be replayed or purged")
                .register(registry);
        TimeGauge.builder("catga.deadletters.age", this, TimeUnit.MILLISECONDS, meters -> meters.value(this::age))
                .description("How long the oldest of them has waited")
                .register(registry);
    }

    private double age(Stats stats) {
        Instant oldest = stats.oldest();
        return oldest == null ? 0 : Duration.between(oldest, clock.instant()).toMillis();
    }

    private double value(ToDoubleFunction<Stats> part) {
        try {
            return part.applyAsDouble(answer().get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS));
        } catch (ExecutionException | TimeoutException e) {
            return Double.NaN;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Double.NaN;
        }
    }

    private CompletableFuture<Stats> answer() {
        lock.lock();
        try {
            CompletableFuture<Stats> last = asked;
            if (last == null || (last.isDone() && !clock.instant().isBefore(askedAt.plus(FRESH)))) {
                last = CompletableFuture.supplyAsync(letters::stats, executor);
                asked = last;
                askedAt = clock.instant();
            }
            return last;
        } finally {
            lock.unlock();
        }
    }
}
