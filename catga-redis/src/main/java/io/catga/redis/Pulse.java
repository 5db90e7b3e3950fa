package io.catga.redis;

import io.lettuce.core.api.StatefulRedisConnection;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Whether a connection still answers: there is always one question under way on it. For one thread. */
final class Pulse {

    private final StatefulRedisConnection<byte[], byte[]> connection;
    private final Duration longestBlock;
    private @Nullable CompletableFuture<String> question;
    private long askedAt;

    /**
     * @param longestBlock how long a command of others may rightly hold up the answer
     */
    Pulse(StatefulRedisConnection<byte[], byte[]> connection, Duration longestBlock) {
        this.connection = connection;
        this.longestBlock = longestBlock;
    }

    /** For how long an answer is overdue; zero where none is, and then asks the next time. */
    Duration silence() {
        if (question != null && !question.isDone()) {
            Duration late = Duration.ofNanos(System.nanoTime() - askedAt).minus(longestBlock);
            return late.isNegative() ? Duration.ZERO : late;
        }
        askedAt = System.nanoTime();
        question = connection.async().ping().toCompletableFuture();
        // Not left to who uses the connection: it may be a while before the next one flushes.
        connection.flushCommands();
        return Duration.ZERO;
    }
}
