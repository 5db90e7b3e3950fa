package io.catga.spring;

import io.catga.nats.NatsRequestReceiver;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;

/** How busy an instance is with the requests that it takes from NATS. */
final class NatsRequestMeters implements MeterBinder {

    private final NatsRequestReceiver receiver;

    NatsRequestMeters(NatsRequestReceiver receiver) {
        this.receiver = receiver;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        Gauge.builder("catga.requests.inflight", receiver, NatsRequestReceiver::inFlight)
                .description("Requests that this instance has in hand")
                .register(registry);
        Gauge.builder("catga.requests.inflight.max", receiver, NatsRequestReceiver::maxInFlight)
                .description("How many requests it can have in hand; further ones are refused")
                .register(registry);
    }
}
