package io.catga;

/**
 * A request to read something; handling it changes nothing.
 *
 * @param <R> what the handler answers with
 */
public non-sealed interface Query<R> extends Request<R> {}
