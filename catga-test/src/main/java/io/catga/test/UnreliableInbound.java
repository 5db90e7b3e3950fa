package io.catga.test;

import io.catga.transport.Delivery;
import io.catga.transport.InboundMessages;
import io.catga.transport.WireMessage;
import io.catga.transport.WireReply;

/** The receiving end of a member on an {@link UnreliableNetwork}. */
record UnreliableInbound(UnreliableNetwork network, String member, InboundMessages inbound)
        implements ForwardingInbound {

    /** In place of the receiver: which one it is decides the transport, and not the same way in every run. */
    private static final String ANY = "any receiver";

    @Override
    public WireReply onRequest(WireMessage signed) {
        String sender = SenderHeader.of(signed);
        WireMessage request = SenderHeader.without(signed);
        if (network.keepsApart(sender, member)) {
            network.noteCutOff(Crossing.REQUEST, member, request);
            return silence(request);
        }
        FaultPlan plan = sender != null ? UnreliableNetwork.HARMLESS : network.plan(Crossing.REQUEST, ANY, request);
        WireReply reply = plan.carry(
                network.overtaking(Crossing.REQUEST, ANY), () -> inbound.onRequest(request), () -> silence(request));
        return network.keepsApart(sender, member) ? silence(request) : reply;
    }

    private WireReply silence(WireMessage request) {
        return inbound.reject(request, UnreliableNetwork.silence(request));
    }

    /** An acknowledgement that does not come is answered with another delivery, whatever the handlers said. */
    @Override
    public Delivery onEvent(WireMessage signed, int attempt, boolean lastAttempt) {
        String publisher = SenderHeader.of(signed);
        WireMessage event = SenderHeader.without(signed);
        if (network.keepsFromConsumer(publisher, member)) {
            network.noteCutOff(Crossing.DELIVERY, member, event);
            return new Delivery.Again();
        }
        Delivery delivery = network.plan(Crossing.DELIVERY, member, event)
                .carry(
                        network.overtaking(Crossing.DELIVERY, member),
                        () -> inbound.onEvent(event, attempt, lastAttempt),
                        Delivery.Again::new);
        return network.keepsFromConsumer(publisher, member) ? new Delivery.Again() : delivery;
    }
}
