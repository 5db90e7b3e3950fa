package io.catga.test;

import io.catga.CatgaError;
import io.catga.transport.Delivery;
import io.catga.transport.InboundMessages;
import io.catga.transport.WireMessage;
import io.catga.transport.WireReply;
import java.util.Set;

/** Tells what became of each event, and counts the requests that are being handled. */
record ObservedInbound(InboundMessages inbound, OpenWork open, Observer observer) implements InboundMessages {

    /** Is told of a delivery when it is over. */
    @FunctionalInterface
    interface Observer {
        void delivered(WireMessage event, int attempt, Delivery delivery);
    }

    @Override
    public Set<String> requestTypes() {
        return inbound.requestTypes();
    }

    @Override
    public Set<String> eventTypes() {
        return inbound.eventTypes();
    }

    @Override
    public WireReply onRequest(WireMessage request) {
        return open.during(() -> inbound.onRequest(request));
    }

    @Override
    public WireReply refuse(WireMessage request) {
        return inbound.refuse(request);
    }

    @Override
    public WireReply reject(WireMessage request, CatgaError error) {
        return inbound.reject(request, error);
    }

    @Override
    public Delivery onEvent(WireMessage event, int attempt, boolean lastAttempt) {
        Delivery delivery = inbound.onEvent(event, attempt, lastAttempt);
        observer.delivered(event, attempt, delivery);
        return delivery;
    }
}
