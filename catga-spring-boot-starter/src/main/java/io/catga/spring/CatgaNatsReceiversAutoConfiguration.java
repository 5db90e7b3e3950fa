package io.catga.spring;

import io.catga.nats.NatsEventReceiver;
import io.catga.nats.NatsLink;
import io.catga.nats.NatsRequestReceiver;
import io.catga.nats.NatsStreamStates;
import io.catga.transport.InboundMessages;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;

/**
 * What takes messages from NATS, as soon as the store can be written to; not where an application, or a test, has put a
 * mediator of its own in place.
 */
@AutoConfiguration(after = {CatgaAutoConfiguration.class, CatgaNatsAutoConfiguration.class})
@ConditionalOnClass(NatsLink.class)
@ConditionalOnBean({NatsLink.class, InboundMessages.class})
public class CatgaNatsReceiversAutoConfiguration {

    @Bean
    NatsRequestReceiver catgaNatsRequestReceiver(NatsLink link, InboundMessages inbound) {
        return new NatsRequestReceiver(link, inbound);
    }

    @Bean
    PhasedLifecycle catgaNatsRequestReceiverLifecycle(
            NatsRequestReceiver receiver, ObjectProvider<Prerequisite> prerequisites, CatgaProperties properties) {
        return receiving("the receiver of requests", receiver::start, receiver::stop, prerequisites, properties);
    }

    @Bean
    NatsEventReceiver catgaNatsEventReceiver(NatsLink link, InboundMessages inbound) {
        return new NatsEventReceiver(link, inbound);
    }

    @Bean
    PhasedLifecycle catgaNatsEventReceiverLifecycle(
            NatsEventReceiver receiver, ObjectProvider<Prerequisite> prerequisites, CatgaProperties properties) {
        return receiving("the receiver of events", receiver::start, receiver::stop, prerequisites, properties);
    }

    /**
     * Not bound like other meters, when the registry is ready: only the mediator knows what this instance takes, and it is
     * complete later than that. An instance that takes no events, or no requests, has no meters of them.
     */
    @Bean
    PhasedLifecycle catgaNatsReceiverMeters(
            NatsRequestReceiver requests,
            NatsEventReceiver events,
            NatsLink link,
            InboundMessages inbound,
            Clock clock,
            ObjectProvider<MeterRegistry> registry,
            CatgaProperties properties) {
        NatsRequestMeters requestMeters = new NatsRequestMeters(requests);
        NatsEventMeters eventMeters = new NatsEventMeters(
                events,
                new NatsStreamStates(link),
                clock,
                task -> Thread.ofVirtual().name("catga-streams-state").start(task));
        return new PhasedLifecycle(
                "the meters of the receivers",
                PhasedLifecycle.CONNECTIONS,
                properties.shutdownGrace(),
                () -> registry.ifAvailable(meters -> {
                    if (!inbound.requestTypes().isEmpty()) {
                        requestMeters.bindTo(meters);
                    }
                    if (!inbound.eventTypes().isEmpty()) {
                        eventMeters.bindTo(meters);
                    }
                }),
                grace -> {});
    }

    private static PhasedLifecycle receiving(
            String what,
            Runnable start,
            PhasedLifecycle.Stop stop,
            ObjectProvider<Prerequisite> prerequisites,
            CatgaProperties properties) {
        DeferredStart deferred = new DeferredStart(what, prerequisites.stream().toList(), start, stop);
        return new PhasedLifecycle(
                what, PhasedLifecycle.RECEIVERS, properties.shutdownGrace(), deferred::start, deferred::stop);
    }
}
