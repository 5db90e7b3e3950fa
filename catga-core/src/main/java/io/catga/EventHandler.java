package io.catga;

/**
 * Reacts to one type of event. Called by many threads at once; must be thread-safe.
 *
 * <p>An event whose handler fails is delivered again, so a handler must be able to meet one that it has handled
 * before; it says so with {@link MessageContext#markReplayed()}.
 *
 * @param <E> the type of event
 */
public interface EventHandler<E extends Event> {

    /**
     * Handles one event.
     *
     * @return {@link Result#done()}, or the failure that decides between another attempt and the dead letters
     */
    Result<Unit> handle(E event, MessageContext context);
}
