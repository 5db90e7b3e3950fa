package io.catga.transport;

import java.util.concurrent.CompletableFuture;

/** Brings an event to every instance that handles its type, also to one that is away just now. Thread-safe. */
public interface EventBus {

    /**
     * Publishes an event.
     *
     * @return completes when the event is stored durably; exceptionally, with a {@link io.catga.CatgaException}, when
     *     that is not known, in which case publishing it again (the bus deduplicates by message id) is safe
     */
    CompletableFuture<Void> publish(WireMessage event);
}
