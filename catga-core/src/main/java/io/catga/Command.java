package io.catga;

/**
 * A request to change something. A command that has nothing to answer is a {@code Command<Unit>} and takes the same
 * way as every other.
 *
 * @param <R> what the handler answers with
 */
public non-sealed interface Command<R> extends Request<R> {}
