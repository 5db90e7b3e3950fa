package io.catga;

import java.util.concurrent.CompletionStage;

/**
 * Brings a message to its handler, in this process or on another machine; the caller sees no difference. Every message
 * goes through the same pipeline of behaviours. Thread-safe.
 *
 * <p>No method throws because of what happened to a message: each failure is a {@link Result.Failure}, and is there no
 * later than the deadline.
 *
 * <p>A message that a handler sends while it handles another inherits the correlation id, names the other as its cause
 * and never outlives its deadline.
 */
public interface Mediator {

    /** Starts the description of a mediator. */
    static MediatorBuilder builder() {
        return new MediatorBuilder();
    }

    /** Sends a command or query and waits for the answer; cheap on a virtual thread. */
    default <R> Result<R> send(Request<R> request) {
        return exchange(request, MessageOptions.defaults()).result();
    }

    /** As {@link #send(Request)}, with an idempotency key, a time-out or headers. */
    default <R> Result<R> send(Request<R> request, MessageOptions options) {
        return exchange(request, options).result();
    }

    /** Sends and also tells who answered, and whether the answer is a recorded one. */
    <R> Reply<R> exchange(Request<R> request, MessageOptions options);

    /** Sends without waiting; the handling, or the waiting for it, happens on a virtual thread. */
    <R> CompletionStage<Result<R>> sendAsync(Request<R> request, MessageOptions options);

    /** As {@link #sendAsync(Request, MessageOptions)} with the defaults. */
    default <R> CompletionStage<Result<R>> sendAsync(Request<R> request) {
        return sendAsync(request, MessageOptions.defaults());
    }

    /**
     * Publishes an event. With an event bus, success means that the bus has stored it durably; without one, that every
     * handler in this process has handled it.
     */
    default Result<Unit> publish(Event event) {
        return publish(event, MessageOptions.defaults());
    }

    /** As {@link #publish(Event)}, with headers. */
    Result<Unit> publish(Event event, MessageOptions options);
}
