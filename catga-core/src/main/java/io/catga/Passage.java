package io.catga;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How a message came here, for people who ask: nothing is decided by it, so what is missing or unreadable is left out.
 *
 * @param sentBy      the instance that sent it
 * @param sentAt      when, by that instance's clock
 * @param publishedAt when the bus took it, by the bus's clock; of events only
 * @param attempt     how many times it has been delivered, from 1
 */
record Passage(
        @Nullable String sentBy,
        @Nullable Instant sentAt,
        @Nullable Instant publishedAt,
        int attempt) {

    /** Of a message from this process. */
    static final Passage NONE = new Passage(null, null, null, 1);

    Passage withAttempt(int number) {
        return new Passage(sentBy, sentAt, publishedAt, number);
    }
}
