package io.catga;

import org.jspecify.annotations.Nullable;

/**
 * A result together with how it came about.
 *
 * @param result    what came of the request
 * @param handledBy the instance whose handler answered; absent where no handler was reached
 * @param replayed  whether this is the recorded result of an earlier message with the same idempotency key
 * @param <R>       what the handler answers with
 */
public record Reply<R>(Result<R> result, @Nullable String handledBy, boolean replayed) {}
