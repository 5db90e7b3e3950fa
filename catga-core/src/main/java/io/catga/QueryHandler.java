package io.catga;

/**
 * Answers one type of query.
 *
 * @param <Q> the type of query
 * @param <R> what it is answered with
 */
public non-sealed interface QueryHandler<Q extends Query<R>, R> extends RequestHandler<Q, R> {}
