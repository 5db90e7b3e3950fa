package io.catga.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.catga.redis.RedisLink;
import io.catga.redis.RedisOptions;
import io.catga.redis.RedisStateStore;
import io.catga.store.AtomicStep;
import io.catga.store.CommitOutcome;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.testcontainers.containers.GenericContainer;

class RedisMetricsTest {

    private static final Duration LONG = Duration.ofSeconds(20);

    @Test
    void showWhatWaitsForTheNextBatchAndHowMuchOneHad() {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        try (GenericContainer<?> server = TestServers.redis()) {
            server.start();
            RedisLink link =
                    new RedisLink(RedisOptions.standalone(server.getHost() + ":" + server.getMappedPort(6379), "test"));
            RedisStateStore store = new RedisStateStore(link, Clock.systemUTC());
            new RedisMeters(link, store).bindTo(registry);
            try (link;
                    store;
                    ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
                assertThat(gauge(registry, "catga.redis.writable")).isZero();
                link.start();
                await().atMost(LONG).until(() -> gauge(registry, "catga.redis.writable") == 1);

                List<CompletableFuture<CommitOutcome>> commits = IntStream.range(0, 3)
                        .mapToObj(i -> CompletableFuture.supplyAsync(() -> commit(store, "k" + i), callers))
                        .toList();
                await().atMost(LONG).until(() -> gauge(registry, "catga.commit.queue") == 3);
                store.start();

                assertThat(commits).allSatisfy(commit -> assertThat(commit).succeedsWithin(LONG));
                assertThat(gauge(registry, "catga.commit.queue")).isZero();
                DistributionSummary batch = registry.get("catga.commit.batch").summary();
                await().atMost(LONG).until(() -> batch.totalAmount() == 3);
                assertThat(batch.count()).isLessThan(3);
            }
        }
    }

    private static double gauge(SimpleMeterRegistry registry, String name) {
        return registry.get(name).gauge().value();
    }

    private static CommitOutcome commit(RedisStateStore store, String key) {
        AtomicStep step = AtomicStep.forKey("test", key, "f", new byte[0], Duration.ofMinutes(1));
        return store.commit(step, Instant.now().plus(LONG));
    }
}
