package io.catga.spring;

import io.catga.EventHandler;
import io.catga.MessageCatalog;
import io.catga.RequestHandler;
import io.catga.codec.MessageCodec;
import io.catga.pipeline.Behavior;
import io.catga.store.InMemoryStateStore;
import io.catga.store.StateStore;
import io.catga.store.TracedStateStore;
import io.catga.transport.EventBus;
import io.catga.transport.InMemoryNetwork;
import io.catga.transport.InboundMessages;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.propagation.Propagator;
import jakarta.validation.Validator;
import java.time.Clock;
import java.time.Duration;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
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
 * <p>A message takes the way that it takes in a cluster. What is injected is a mediator without handlers, so a request
 * crosses the network as bytes also where its handler is in this same process, and a message that cannot be written or
 * read shows here already; the mediator with the handlers is the one that receives. Events wait in the outbox, and the
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
    InMemoryStateStore catgaInMemoryStateStore(Clock clock) {
        return new InMemoryStateStore(clock, CLAIM);
    }

    /** What is injected: the same store, visible in traces. */
    @Bean
    @Primary
    StateStore catgaTracedInMemoryStateStore(InMemoryStateStore store, ObjectProvider<Tracer> tracer) {
        return new TracedStateStore(store, tracer.getIfAvailable(() -> Tracer.NOOP), "memory");
    }

    /** What is injected: made as the mediator that receives, but without handlers, so that all requests are sent. */
    @Bean
    @Primary
    @ConditionalOnBean(InjectedMediator.class)
    InjectedMediator catgaSendingMediator(
            CatgaAutoConfiguration common,
            InMemoryNetwork network,
            CatgaProperties properties,
            CatgaInstance instance,
            MessageCodec codec,
            Clock clock,
            ObjectProvider<EventBus> eventBus,
            ObjectProvider<Tracer> tracer,
            ObjectProvider<Propagator> propagator,
            ObjectProvider<MeterRegistry> meters,
            ObjectProvider<Validator> validator,
            ObjectProvider<MessageCatalog> catalogs,
            ObjectProvider<Behavior> behaviors) {
        return common.catgaMediator(
                properties,
                instance,
                codec,
                clock,
                providerOf(network.requests()),
                eventBus,
                tracer,
                propagator,
                meters,
                validator,
                catalogs,
                CatgaInMemoryAutoConfiguration.<RequestHandler<?, ?>>providerOf(null),
                CatgaInMemoryAutoConfiguration.<EventHandler<?>>providerOf(null),
                behaviors);
    }

    private static <T> ObjectProvider<T> providerOf(@Nullable T only) {
        return new ObjectProvider<>() {
            @Override
            public Stream<T> stream() {
                return Stream.ofNullable(only);
            }

            @Override
            public Stream<T> orderedStream() {
                return stream();
            }
        };
    }

    /**
     * The mediator with the handlers takes part from before the web server takes requests until it has answered them and
     * the relay has stopped: the senders are in this process, too.
     */
    @Bean
    @ConditionalOnBean(InjectedMediator.class)
    PhasedLifecycle catgaInMemoryNetworkLifecycle(
            InMemoryNetwork network,
            @Qualifier("catgaMediator") InboundMessages inbound,
            CatgaInstance instance,
            CatgaProperties properties) {
        NetworkMembership membership = new NetworkMembership(network, instance.name(), inbound);
        return new PhasedLifecycle(
                "the network in memory",
                PhasedLifecycle.CONNECTIONS,
                properties.shutdownGrace(),
                membership::join,
                membership::leave);
    }
}
