package io.catga.spring;

import io.catga.nats.NatsLink;
import io.catga.nats.NatsRequestTransport;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;

/** The connection to NATS, and what it costs the requests when that is not as it should be. */
final class NatsMeters implements MeterBinder {

    private final NatsLink link;
    private final NatsRequestTransport transport;

    NatsMeters(NatsLink link, NatsRequestTransport transport) {
        this.link = link;
        this.transport = transport;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        Gauge.builder("catga.nats.connected", link, known -> known.isConnected() ? 1 : 0)
                .description("1 where there is a connection to a NATS server")
                .register(registry);
        FunctionCounter.builder("catga.nats.reconnects", link, NatsLink::reconnects)
                .description("How often the connection to NATS has come back after it was lost")
                .register(registry);
        FunctionCounter.builder("catga.nats.repeated.attempts", transport, NatsRequestTransport::repeatedAttempts)
                .description("Attempts beyond the first of each request")
                .register(registry);
    }
}
