package io.catga;

/**
 * A message that exactly one handler answers: a {@link Command} or a {@link Query}.
 *
 * @param <R> what the handler answers with
 */
public sealed interface Request<R> extends Message permits Command, Query {}
