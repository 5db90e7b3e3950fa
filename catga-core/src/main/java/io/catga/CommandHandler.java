package io.catga;

/**
 * Carries out one type of command.
 *
 * @param <C> the type of command
 * @param <R> what it is answered with
 */
public non-sealed interface CommandHandler<C extends Command<R>, R> extends RequestHandler<C, R> {}
