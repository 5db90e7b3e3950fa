package io.catga.redis;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Whether a connection still answers: there is always one question under way on it. For one thread.
 *
 * @param <T> what is answered
 */
final class Pulse<T> {

    private final Supplier<CompletionStage<T>> question;
    private final Duration longestBlock;
    private @Nullable CompletableFuture<T> answer;
    private long askedAt;

    /**
     * @param question     sends it at once
     * @param longestBlock how long a command of others may rightly hold up the answer
     */
    Pulse(Supplier<CompletionStage<T>> question, Duration longestBlock) {
        this.question = question;
        this.longestBlock = longestBlock;
    }

    /** Asks, unless there still is no answer to the last question. */
    void ask() {
        if (answer == null || answer.isDone()) {
            askedAt = System.nanoTime();
            answer = question.get().toCompletableFuture();
        }
    }

    /**
     * The answer to the question that was asked last.
     *
     * @throws TimeoutException where it does not come in time
     */
    T await(Duration timeout) throws ExecutionException, TimeoutException, InterruptedException {
        return Objects.requireNonNull(answer, "nothing was asked").get(timeout.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** For how long the answer is overdue; zero where none is. */
    Duration silence() {
        if (answer == null || answer.isDone()) {
            return Duration.ZERO;
        }
        Duration late = Duration.ofNanos(System.nanoTime() - askedAt).minus(longestBlock);
        return late.isNegative() ? Duration.ZERO : late;
    }
}
