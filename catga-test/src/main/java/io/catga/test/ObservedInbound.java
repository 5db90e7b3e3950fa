package io.catga.test;

import io.catga.transport.Delivery;
import io.catga.transport.InboundMessages;
import io.catga.transport.WireMessage;
import io.catga.transport.WireReply;

/** Tells what became of each event, and counts the requests that are being handled. */
record ObservedInbound(InboundMessages inbound, OpenWork open, Observer observer) implements ForwardingInbound {

    /** Is told of a delivery when it is over. */
    @FunctionalInterface
    interface Observer {
        void delivered(WireMessage event, int attempt, Delivery delivery);
    }

    @Override
    public WireReply onRequest(WireMessage request) {
        return open.during(() -> inbound.onRequest(request));
    }

    @Override
    public Delivery onEvent(WireMessage event, int attempt, boolean lastAttempt) {
        Delivery delivery = inbound.onEvent(event, attempt, lastAttempt);
        observer.delivered(event, attempt, delivery);
        return delivery;
    }
}
