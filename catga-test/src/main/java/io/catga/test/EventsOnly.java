package io.catga.test;

import io.catga.CatgaError;
import io.catga.transport.InboundMessages;
import io.catga.transport.WireMessage;
import io.catga.transport.WireReply;
import java.util.Set;

/** Takes events as they come from the wire, without a mediator; and no requests. */
abstract class EventsOnly implements InboundMessages {

    private final Set<String> types;

    EventsOnly(String... types) {
        this.types = Set.of(types);
    }

    @Override
    public final Set<String> requestTypes() {
        return Set.of();
    }

    @Override
    public final Set<String> eventTypes() {
        return types;
    }

    @Override
    public final WireReply onRequest(WireMessage request) {
        throw new IllegalStateException("a request came to a consumer of events: " + request.type());
    }

    @Override
    public final WireReply refuse(WireMessage request) {
        return onRequest(request);
    }

    @Override
    public final WireReply reject(WireMessage request, CatgaError error) {
        return onRequest(request);
    }
}
