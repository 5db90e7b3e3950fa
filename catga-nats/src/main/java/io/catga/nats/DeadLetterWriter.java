package io.catga.nats;

import io.catga.CatgaException;
import io.catga.transport.Delivery;
import io.catga.transport.WireMessage;
import io.nats.client.impl.Headers;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;

/** Keeps the events that this instance's consumer gave up, in a stream of their own. Thread-safe. */
final class DeadLetterWriter {

    private final NatsOptions options;
    private final StreamPublisher publisher;

    DeadLetterWriter(NatsOptions options, StreamPublisher publisher) {
        this.options = options;
        this.publisher = publisher;
    }

    /**
     * Completes when the dead letter is kept.
     *
     * @param place where the event is in the event stream. Giving up the same delivery again changes nothing; but an
     *              event that was replayed is in another place, and must not be taken for the letter that it was before
     */
    CompletableFuture<Void> keep(WireMessage event, long place, Delivery.GivenUp givenUp, int attempts, Instant now) {
        try {
            Headers headers = DeadLetterFormat.write(
                    event, options.events().consumer(), options.connectionName(), givenUp, attempts, now);
            return publisher.publish(
                    options.deadLetterSubject(event.type()),
                    event.messageId() + "@" + options.events().durable() + "@" + place,
                    headers,
                    event.payload());
        } catch (CatgaException unsendable) {
            return CompletableFuture.failedFuture(unsendable);
        }
    }
}
