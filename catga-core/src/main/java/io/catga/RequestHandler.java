package io.catga;

/**
 * Answers one type of request. Implement {@link CommandHandler} or {@link QueryHandler}, which say which kind it is.
 *
 * <p>A handler is called by many threads at once and must be thread-safe. It reports an expected failure by returning
 * {@link Result.Failure} (or throwing {@link CatgaException}); any other exception reaches the sender as
 * {@link ErrorCode#INTERNAL}.
 *
 * @param <Q> the type of request
 * @param <R> what it is answered with
 */
public sealed interface RequestHandler<Q extends Request<R>, R> permits CommandHandler, QueryHandler {

    /**
     * Handles one message.
     *
     * @param request what to do
     * @param context what is known about the message beside its content; valid until this call returns
     */
    Result<R> handle(Q request, MessageContext context);
}
