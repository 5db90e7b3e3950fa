package io.catga.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.catga.CatgaException;
import io.catga.ErrorCode;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class RecentAnswerTest {

    private static final Instant NOW = Instant.parse("2026-11-25T10:00:00Z");

    private final AtomicReference<Instant> now = new AtomicReference<>(NOW);
    private final Clock clock = ((InstantSource) now::get).withZone(ZoneOffset.UTC);
    private final Queue<Runnable> background = new ArrayDeque<>();

    private RecentAnswer<Integer> to(Supplier<Integer> question) {
        return new RecentAnswer<>(question, clock, background::add);
    }

    private void work() {
        for (Runnable task = background.poll(); task != null; task = background.poll()) {
            task.run();
        }
    }

    @Test
    void doesNotWaitForTheFirstAnswer() {
        RecentAnswer<Integer> recent = to(() -> 7);

        assertThat(recent.get()).isEmpty();
        work();
        assertThat(recent.get()).contains(7);
    }

    @Test
    void asksAgainOnlyAfterAWhileAndByOneThreadAtATime() {
        AtomicInteger asked = new AtomicInteger();
        RecentAnswer<Integer> recent = to(asked::incrementAndGet);

        recent.get();
        recent.get();
        assertThat(background).hasSize(1);
        now.set(NOW.plusSeconds(60));
        recent.get();
        assertThat(background).hasSize(1);
        work();
        recent.get();
        assertThat(background).hasSize(1);
        work();
        now.set(NOW.plusSeconds(64));
        recent.get();
        assertThat(background).isEmpty();
        assertThat(asked).hasValue(2);
    }

    @Test
    void knowsNothingWhenTheLastQuestionHadNoAnswer() {
        Queue<Supplier<Integer>> answers = new ArrayDeque<>();
        answers.add(() -> 7);
        answers.add(() -> {
            throw new CatgaException(ErrorCode.UNAVAILABLE, "away");
        });
        answers.add(() -> 8);
        RecentAnswer<Integer> recent = to(() -> answers.remove().get());

        recent.get();
        work();
        now.set(NOW.plusSeconds(5));
        assertThat(recent.get()).contains(7);
        work();
        assertThat(recent.get()).isEmpty();
        now.set(NOW.plusSeconds(10));
        recent.get();
        work();
        assertThat(recent.get()).contains(8);
    }

    /** A question that hangs must not leave a number of yesterday on a dashboard. */
    @Test
    void trustsNoAnswerThatIsOld() {
        RecentAnswer<Integer> recent = to(() -> 7);
        recent.get();
        work();

        now.set(NOW.plusSeconds(19));
        assertThat(recent.get()).contains(7);
        now.set(NOW.plusSeconds(20));
        assertThat(recent.get()).isEmpty();
    }
}
