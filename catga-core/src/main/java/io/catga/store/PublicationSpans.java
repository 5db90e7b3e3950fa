package io.catga.store;

import io.catga.pipeline.MessagingNames;
import io.catga.store.Outbox.Entry;
import io.catga.transport.WireMessage;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.propagation.Propagator;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;

/**
 * The publication of each event in its trace: a child of the span in which the event was committed, from the first
 * attempt of this relay until it has left the outbox, with the time that the event has waited in the outbox before.
 *
 * <p>The event keeps the context that it was committed with, as it may already have been published by a relay that died:
 * so who receives it is a child of the handler's span too, and the publication is a leaf.
 */
final class PublicationSpans {

    private final Tracer tracer;
    private final Propagator propagator;
    private final MessagingNames names;
    private final Clock clock;

    PublicationSpans(Tracer tracer, Propagator propagator, MessagingNames names, Clock clock) {
        this.tracer = tracer;
        this.propagator = propagator;
        this.names = names;
        this.clock = clock;
    }

    static PublicationSpans none() {
        return new PublicationSpans(Tracer.NOOP, Propagator.NOOP, MessagingNames.inProcess("local"), Clock.systemUTC());
    }

    /** An event that carries no context belongs to no trace, and begins none. */
    Span begin(Entry entry) {
        WireMessage event = entry.event();
        if (tracer == Tracer.NOOP || propagator.fields().stream().noneMatch(event.headers()::containsKey)) {
            return Span.NOOP;
        }
        // The clocks of the store and of this machine differ a little.
        long waited =
                Math.max(0, Duration.between(entry.stored(), clock.instant()).toMillis());
        return propagator
                .extract(event.headers(), Map::get)
                .name("publish " + event.type())
                .kind(Span.Kind.CLIENT)
                .tag("messaging.system", names.system())
                .tag("messaging.operation.name", "publish")
                .tag("messaging.operation.type", "send")
                .tag("messaging.destination.name", names.eventDestination(event.type()))
                .tag("messaging.message.id", event.messageId())
                .tag("messaging.client.id", names.client())
                .tag("catga.outbox.waited_ms", waited)
                .start();
    }

    /** The bus has not confirmed, and the event will be published again. */
    static void again(Span span, Throwable reason) {
        Throwable cause = causeOf(reason);
        String message = cause.getMessage();
        span.event("not confirmed: " + (message == null ? cause.getClass().getSimpleName() : message));
    }

    /** The bus has confirmed; the event is published once more if it cannot be removed from the outbox now. */
    static void confirmed(Span span) {
        span.event("confirmed");
    }

    /** This relay leaves it: as the bus refuses it for good, or as the relay stops. */
    static void leave(Span span, Throwable reason) {
        span.error(causeOf(reason));
        span.end();
    }

    /** What has gone wrong, without the future that tells of it. */
    private static Throwable causeOf(Throwable reason) {
        return reason instanceof ExecutionException && reason.getCause() != null ? reason.getCause() : reason;
    }
}
