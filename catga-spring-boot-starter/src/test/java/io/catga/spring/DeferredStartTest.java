package io.catga.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class DeferredStartTest {

    private final AtomicBoolean store = new AtomicBoolean();
    private final CountDownLatch asked = new CountDownLatch(3);
    private final AtomicInteger starts = new AtomicInteger();
    private final AtomicInteger stops = new AtomicInteger();

    private final DeferredStart receiver = new DeferredStart(
            "a receiver",
            List.of(() -> true, () -> {
                asked.countDown();
                return store.get();
            }),
            starts::incrementAndGet,
            grace -> stops.incrementAndGet());

    @Test
    void startsOnceEveryPrerequisiteIsMet() throws Exception {
        receiver.start();
        assertThat(asked.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(starts).hasValue(0);

        store.set(true);

        await().until(() -> starts.get() == 1);
        receiver.stop(Duration.ofSeconds(1));
        assertThat(stops).hasValue(1);
    }

    @Test
    void whatHasNotStartedIsNotStoppedAndNeverStarts() throws Exception {
        receiver.start();
        assertThat(asked.await(30, TimeUnit.SECONDS)).isTrue();

        receiver.stop(Duration.ofSeconds(1));
        store.set(true);

        assertThat(starts).hasValue(0);
        assertThat(stops).hasValue(0);
    }
}
