package io.catga.spring;

import io.catga.store.InMemoryStateStore;
import io.catga.store.StateStore;
import io.catga.transport.DeadLetters;
import io.catga.transport.EventBus;
import io.catga.transport.InMemoryNetwork;
import io.catga.transport.InboundMessages;
import io.micrometer.tracing.Tracer;
import java.time.Clock;
import java.time.Duration;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Primary;

/**
 * A whole system in one process, for an application that sets {@code catga.in-memory}: a network, state and outbox in
 * memory, in place of NATS and Redis, whose addresses are then not used.
 *
 * <p>A message takes the way that it takes in a cluster: a request crosses the network as bytes although its handler is in
 * this same process, so a message that cannot be written or read shows here already. Events wait in the outbox, and the
 * relay publishes them. As nobody else can take part, a request without a handler is reported at start-up.
 */
@AutoConfiguration(after = CatgaAutoConfiguration.class, before = CatgaStoreAutoConfiguration.class)
@ConditionalOnBooleanProperty("catga.in-memory")
public class CatgaInMemoryAutoConfiguration {

    /** As many as over NATS. */
    private static final int MAX_ATTEMPTS = 8;
    /** Nothing is down that would need time to come up again. */
    private static final Duration REDELIVERY = Duration.ofMillis(200);
    /** There is one relay, which is never away. */
    private static final Duration CLAIM = Duration.ofSeconds(30);

    @Bean
    @ConditionalOnMissingBean
    InMemoryNetwork catgaInMemoryNetwork(Clock clock) {
        return new InMemoryNetwork(clock, MAX_ATTEMPTS, REDELIVERY);
    }

    @Bean
    @ConditionalOnMissingBean
    EventBus catgaInMemoryEventBus(InMemoryNetwork network) {
        return network.events();
    }

    @Bean
    @ConditionalOnMissingBean
    DeadLetters catgaInMemoryDeadLetters(InMemoryNetwork network) {
        return network.deadLetters();
    }

    @Bean
    @ConditionalOnMissingBean
    InMemoryStateStore catgaInMemoryStateStore(Clock clock) {
        return new InMemoryStateStore(clock, CLAIM);
    }

    /** What is injected: the same store, visible in traces. */
    @Bean
    @Primary
    StateStore catgaTracedInMemoryStateStore(InMemoryStateStore store, ObjectProvider<Tracer> tracer) {
        return store.traced(tracer.getIfAvailable(() -> Tracer.NOOP), "memory");
    }

    /**
     * The mediator takes part from before the web server takes requests until it has answered them and
     * the relay has stopped: the senders are in this process, too.
     */
    @Bean
    @ConditionalOnBean(InjectedMediator.class)
    PhasedLifecycle catgaInMemoryNetworkLifecycle(
            InMemoryNetwork network, InboundMessages inbound, CatgaInstance instance, CatgaProperties properties) {
        NetworkMembership membership = new NetworkMembership(network, instance.name(), inbound);
        return new PhasedLifecycle(
                "the network in memory",
                PhasedLifecycle.CONNECTIONS,
                properties.shutdownGrace(),
                membership::join,
                membership::leave);
    }
}
