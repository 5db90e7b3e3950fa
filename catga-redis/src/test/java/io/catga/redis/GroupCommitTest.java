package io.catga.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.catga.store.AtomicStep;
import io.catga.store.CommitOutcome;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class GroupCommitTest {

    private static final Duration LONG = Duration.ofSeconds(20);

    @Test
    void saysHowManyStepsWaitAndHowManyEachBatchHad() {
        RedisSystem system = RedisSystem.start(RedisTestServer.shared().newSystem());
        RedisStateStore store = new RedisStateStore(system.link(), Clock.systemUTC());
        Queue<Integer> batches = new ConcurrentLinkedQueue<>();
        store.onBatch(batches::add);
        try (system;
                store;
                ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<CompletableFuture<CommitOutcome>> commits = IntStream.range(0, 3)
                    .mapToObj(i ->
                            CompletableFuture.supplyAsync(() -> store.commit(step("k" + i), deadline()), callers))
                    .toList();
            await().atMost(LONG).until(() -> store.queuedCommits() == 3);

            store.start();

            assertThat(commits)
                    .allSatisfy(
                            commit -> assertThat(commit).succeedsWithin(LONG).isEqualTo(new CommitOutcome.Committed()));
            assertThat(store.queuedCommits()).isZero();
            await().atMost(LONG)
                    .untilAsserted(() -> assertThat(
                                    batches.stream().mapToInt(Integer::intValue).sum())
                            .isEqualTo(3));
            assertThat(batches).hasSizeLessThan(3);
        }
    }

    private static AtomicStep step(String key) {
        return AtomicStep.forKey("test", key, "f", new byte[0], Duration.ofMinutes(1));
    }

    private static Instant deadline() {
        return Instant.now().plus(LONG);
    }
}
