package io.catga.nats;

import io.catga.CatgaException;
import io.catga.transport.WireMessage;
import io.nats.client.impl.Headers;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;

/**
 * Keeps the events that a consumer gave up, in a stream of their own: the event as it was, with all its headers (the
 * trace context among them), and why, where, when and after how many attempts it was given up.
 */
final class DeadLetters {

    static final String CAUSE = "Catga-Dead-Cause";
    static final String CONSUMER = "Catga-Dead-Consumer";
    static final String ATTEMPTS = "Catga-Dead-Attempts";
    static final String TIME = "Catga-Dead-Time";

    private static final int LONGEST_CAUSE = 500;

    /**
     * What an event must leave free in a message, more than a dead letter adds to it: one that could not be kept as a
     * dead letter could never be given up.
     */
    static final int ROOM = 2048;

    private final NatsOptions options;
    private final StreamPublisher publisher;

    DeadLetters(NatsOptions options, StreamPublisher publisher) {
        this.options = options;
        this.publisher = publisher;
    }

    /** Completes when the dead letter is kept; keeping the same one again changes nothing. */
    CompletableFuture<Void> keep(WireMessage event, String cause, long attempts, Instant now) {
        try {
            String consumer = options.events().consumer();
            Headers headers = WireHeaders.of(event);
            WireHeaders.put(headers, CAUSE, readable(cause));
            WireHeaders.put(headers, CONSUMER, readable(consumer));
            WireHeaders.put(headers, ATTEMPTS, Long.toString(attempts));
            WireHeaders.put(headers, TIME, now.toString());
            return publisher.publish(
                    options.deadLetterSubject(event.type()),
                    event.messageId() + "@" + options.events().durable(),
                    headers,
                    event.payload());
        } catch (CatgaException unsendable) {
            return CompletableFuture.failedFuture(unsendable);
        }
    }

    /** A header is one line of visible ASCII. */
    private static String readable(String text) {
        String line = text.replaceAll("[^ -~]", "?");
        return line.length() <= LONGEST_CAUSE ? line : line.substring(0, LONGEST_CAUSE);
    }
}
