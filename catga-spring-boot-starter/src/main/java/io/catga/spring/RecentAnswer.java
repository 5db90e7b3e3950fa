package io.catga.spring;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What was last answered to a question that takes its time. Who wants to know never waits: it gets what is known, and has
 * the question asked again in the background, at most once in five seconds and by one thread at a time. Thread-safe.
 */
final class RecentAnswer<T> {

    private static final Logger LOG = LoggerFactory.getLogger(RecentAnswer.class);

    private static final Duration PERIOD = Duration.ofSeconds(5);
    /** A scrape shows the answer to what the one before it asked, and one may be left out. */
    private static final Duration TRUSTED = PERIOD.multipliedBy(4);

    private final Supplier<T> question;
    private final Clock clock;
    private final Executor executor;
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable T answer;
    private Instant answeredAt = Instant.MIN;
    private Instant nextQuestion = Instant.MIN;
    private boolean asking;

    RecentAnswer(Supplier<T> question, Clock clock, Executor executor) {
        this.question = question;
        this.clock = clock;
        this.executor = executor;
    }

    /** Empty until there is an answer, when the last question had none, and when the answer is too old. */
    Optional<T> get() {
        lock.lock();
        try {
            Instant now = clock.instant();
            if (!asking && !now.isBefore(nextQuestion)) {
                asking = true;
                nextQuestion = now.plus(PERIOD);
                executor.execute(this::ask);
            }
            return now.isBefore(answeredAt.plus(TRUSTED)) ? Optional.ofNullable(answer) : Optional.empty();
        } finally {
            lock.unlock();
        }
    }

    private void ask() {
        @Nullable T given = null;
        try {
            given = question.get();
        } catch (RuntimeException e) {
            LOG.debug("No answer", e);
        } finally {
            keep(given);
        }
    }

    private void keep(@Nullable T given) {
        lock.lock();
        try {
            asking = false;
            answer = given;
            answeredAt = clock.instant();
        } finally {
            lock.unlock();
        }
    }
}
