package io.catga.test;

import io.catga.CatgaError;
import io.catga.transport.InboundMessages;
import io.catga.transport.WireMessage;
import io.catga.transport.WireReply;
import java.util.Set;

/** A receiver around another one: what it does not change is the other's. */
interface ForwardingInbound extends InboundMessages {

    InboundMessages inbound();

    @Override
    default Set<String> requestTypes() {
        return inbound().requestTypes();
    }

    @Override
    default Set<String> eventTypes() {
        return inbound().eventTypes();
    }

    @Override
    default WireReply refuse(WireMessage request) {
        return inbound().refuse(request);
    }

    @Override
    default WireReply reject(WireMessage request, CatgaError error) {
        return inbound().reject(request, error);
    }
}
