package io.catga.test;

import java.time.Duration;

/**
 * A fault that an {@link UnreliableNetwork} has decided on.
 *
 * @param crossing   where
 * @param member     who sent or published the message, or for {@link Crossing#DELIVERY} who consumes it
 * @param message    which message, in the same words in every run
 * @param occurrence how many times the member has met this message at the crossing, from 1
 * @param fault      what happened to it
 * @param time       for {@link Fault#DELAYED} by how long, for {@link Fault#REORDERED} at most how long; else zero
 */
public record InjectedFault(
        Crossing crossing, String member, String message, int occurrence, Fault fault, Duration time) {

    @Override
    public String toString() {
        return "%s of %s, %s, no. %d: %s%s"
                .formatted(
                        crossing,
                        member,
                        message,
                        occurrence,
                        fault.inWords(),
                        time.isZero() ? "" : " for " + time.toMillis() + " ms");
    }
}
