package io.catga.test;

import io.catga.CatgaError;
import io.catga.Event;
import io.catga.Request;
import io.catga.Result;
import io.catga.transport.Delivery;
import java.util.Map;

/** One thing that a {@link MediatorHarness} saw. Immutable; its text is a sentence for failure messages. */
public sealed interface Recorded {

    /**
     * A command or query that was sent, and what came of it.
     *
     * @param sender who sent it: {@link MediatorHarness#SENDER} for the test itself, else the member whose handler did
     */
    record Sent<Q extends Request<R>, R>(String sender, Q request, Result<R> result) implements Recorded {

        @Override
        public String toString() {
            return "%s sent %s and got %s".formatted(sender, request, inWords(result));
        }
    }

    /**
     * An event that the bus has taken; once for each message id, however often it was published.
     *
     * @param headers what travels with it, in the form in which it crosses the wire
     */
    record Published<E extends Event>(E event, String messageId, Map<String, String> headers) implements Recorded {

        /** Keeps a copy of the headers, as they were at this moment. */
        public Published {
            headers = Map.copyOf(headers);
        }

        @Override
        public String toString() {
            return event + " was published";
        }
    }

    /**
     * An event that reached the handlers of a member, and what they made of it.
     *
     * @param attempt how many times the bus has delivered it to this member, from 1
     */
    record Received<E extends Event>(String consumer, E event, String messageId, int attempt, Delivery delivery)
            implements Recorded {

        /** Whether the handlers were content with it. */
        public boolean isHandled() {
            return delivery instanceof Delivery.Handled;
        }

        @Override
        public String toString() {
            return "%s received %s (attempt %d): %s".formatted(consumer, event, attempt, inWords(delivery));
        }
    }

    /** An event that a member has given up for good. */
    record DeadLetter(String consumer, Event event, String messageId, String cause, int attempts) implements Recorded {

        @Override
        public String toString() {
            return "%s became a dead letter of %s after %d attempts: %s".formatted(event, consumer, attempts, cause);
        }
    }

    /**
     * Stands for an event whose bytes cannot be read back. Most often its class can be written but not read as JSON.
     *
     * @param type the name on the wire
     */
    record Unreadable(String type, String cause) implements Event {

        @Override
        public String toString() {
            return "an unreadable " + type + " (" + cause + ")";
        }
    }

    private static String inWords(Result<?> result) {
        return switch (result) {
            case Result.Success<?>(Object value) -> value.toString();
            case Result.Failure<?>(CatgaError error) -> error.code() + ": " + error.message();
        };
    }

    private static String inWords(Delivery delivery) {
        return switch (delivery) {
            case Delivery.Handled ignored -> "handled";
            case Delivery.Again ignored -> "failed, to be delivered again";
            case Delivery.GivenUp(CatgaError error) -> "given up, " + error.code() + ": " + error.message();
        };
    }
}
