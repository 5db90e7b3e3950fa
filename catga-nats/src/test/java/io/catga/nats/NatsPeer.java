package io.catga.nats;

import static java.util.Objects.requireNonNull;
import static org.awaitility.Awaitility.await;

import io.catga.test.TransportCompatibilityKitNodes.Peer;
import io.catga.test.TransportCompatibilityKitNodes.Settings;
import io.catga.transport.InboundMessages;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** All that an application has of this module, started and stopped in the order that it should be. */
final class NatsPeer implements Peer {

    private static final Duration GRACE = Duration.ofSeconds(10);

    private final NatsLink link;
    private final NatsRequestTransport requests;
    private final NatsEventBus events;
    private @Nullable NatsRequestReceiver requestReceiver;
    private @Nullable NatsEventReceiver eventReceiver;

    private NatsPeer(NatsLink link) {
        this.link = link;
        this.requests = new NatsRequestTransport(link);
        this.events = new NatsEventBus(link);
    }

    /** Returns when it can send and publish. */
    static NatsPeer join(NatsOptions options) {
        NatsPeer peer = begin(options);
        await().atMost(Duration.ofSeconds(30)).until(peer.events::isActive);
        return peer;
    }

    /** As {@link #join(NatsOptions)}, under a name of its own, with the settings of a kit. */
    static NatsPeer join(NatsOptions system, String name, Settings settings) {
        NatsEventOptions.Redelivery redelivery = NatsEventOptions.Redelivery.defaults()
                .withMaxAttempts(settings.maxAttempts())
                .withPauses(settings.redelivery(), Duration.ofSeconds(1));
        return join(system.withConnectionName(name)
                .withRequests(system.requests().withMaxConcurrent(settings.maxConcurrentRequests()))
                .withEvents(system.events().withConsumer(name).withRedelivery(redelivery)));
    }

    /** Returns at once, whether there is a server or not. */
    static NatsPeer begin(NatsOptions options) {
        NatsPeer peer = new NatsPeer(new NatsLink(options));
        peer.link.start();
        peer.events.start();
        return peer;
    }

    NatsLink link() {
        return link;
    }

    /** There once it receives. */
    NatsEventReceiver eventReceiver() {
        return requireNonNull(eventReceiver);
    }

    NatsRequestReceiver requestReceiver() {
        return requireNonNull(requestReceiver);
    }

    @Override
    public NatsRequestTransport requests() {
        return requests;
    }

    @Override
    public NatsEventBus events() {
        return events;
    }

    @Override
    public void receive(InboundMessages inbound) {
        beginToReceive(inbound);
        await().pollInterval(Duration.ofMillis(5))
                .atMost(Duration.ofSeconds(30))
                .until(this::isReceiving);
    }

    void beginToReceive(InboundMessages inbound) {
        NatsRequestReceiver first = new NatsRequestReceiver(link, inbound);
        NatsEventReceiver second = new NatsEventReceiver(link, inbound);
        requestReceiver = first;
        eventReceiver = second;
        first.start();
        second.start();
    }

    boolean isReceiving() {
        return requestReceiver != null
                && requestReceiver.isActive()
                && eventReceiver != null
                && eventReceiver.isActive();
    }

    @Override
    public void leave() throws InterruptedException {
        leave(GRACE);
    }

    void leave(Duration grace) throws InterruptedException {
        if (requestReceiver != null) {
            requestReceiver.stop(grace);
        }
        if (eventReceiver != null) {
            eventReceiver.stop(grace);
        }
        link.close();
    }
}
