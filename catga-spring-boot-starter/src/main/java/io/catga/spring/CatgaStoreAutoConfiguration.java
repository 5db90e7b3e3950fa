package io.catga.spring;

import io.catga.CatgaException;
import io.catga.codec.MessageCodec;
import io.catga.pipeline.MessagingNames;
import io.catga.store.Outbox;
import io.catga.store.OutboxRelay;
import io.catga.store.StateStore;
import io.catga.store.UnitOfWork;
import io.catga.transport.EventBus;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.propagation.Propagator;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;

/** What every state store brings with it, whichever it is: the unit of work, and the relay of its outbox. */
@AutoConfiguration(after = {CatgaNatsAutoConfiguration.class, CatgaRedisAutoConfiguration.class})
public class CatgaStoreAutoConfiguration {

    @Bean
    @ConditionalOnBean(StateStore.class)
    @ConditionalOnMissingBean
    UnitOfWork catgaUnitOfWork(StateStore store, MessageCodec codec, Clock clock, CatgaProperties properties) {
        return new UnitOfWork(store, codec, clock, properties.retention());
    }

    @Bean
    @ConditionalOnBean({Outbox.class, EventBus.class})
    @ConditionalOnBooleanProperty(name = "catga.outbox.relay", matchIfMissing = true)
    @ConditionalOnMissingBean
    OutboxRelay catgaOutboxRelay(
            Outbox outbox,
            EventBus bus,
            ObjectProvider<Tracer> tracer,
            ObjectProvider<Propagator> propagator,
            ObjectProvider<MessagingNames> names,
            CatgaInstance instance,
            Clock clock) {
        return new OutboxRelay(
                outbox,
                bus,
                tracer.getIfAvailable(() -> Tracer.NOOP),
                propagator.getIfAvailable(() -> Propagator.NOOP),
                names.getIfAvailable(() -> MessagingNames.inProcess(instance.name())),
                clock);
    }

    @Bean
    @ConditionalOnBean(OutboxRelay.class)
    PhasedLifecycle catgaOutboxRelayLifecycle(OutboxRelay relay, CatgaProperties properties) {
        return new PhasedLifecycle(
                "the outbox relay", PhasedLifecycle.RELAY, properties.shutdownGrace(), relay::start, relay::stop);
    }

    /** What waits in the outbox; missing while the store cannot be reached, and no scrape waits for it. */
    @Bean
    @ConditionalOnBean(OutboxRelay.class)
    MeterBinder catgaOutboxMeters(Outbox outbox, Clock clock) {
        // Captured by the bean: a meter alone would not keep it.
        RecentAnswer<Waiting> waiting = new RecentAnswer<>(
                () -> Waiting.in(outbox, clock),
                clock,
                task -> Thread.ofVirtual().name("catga-outbox-look").start(task));
        return registry -> {
            Gauge.builder("catga.outbox.size", waiting, recent -> Waiting.value(recent, Waiting::size))
                    .description("Events that wait to be published")
                    .register(registry);
            TimeGauge.builder(
                            "catga.outbox.age",
                            waiting,
                            TimeUnit.MILLISECONDS,
                            recent -> Waiting.value(recent, known -> known.age().toMillis()))
                    .description("How long the oldest of them has waited")
                    .register(registry);
        };
    }

    private record Waiting(long size, Duration age) {

        static Waiting in(Outbox outbox, Clock clock) {
            Outbox.Backlog backlog = outbox.backlog();
            Instant oldest = backlog.oldest();
            return new Waiting(
                    backlog.size(), oldest == null ? Duration.ZERO : Duration.between(oldest, clock.instant()));
        }

        static double value(RecentAnswer<Waiting> recent, ToDoubleFunction<Waiting> part) {
            return recent.get().map(part::applyAsDouble).orElse(Double.NaN);
        }
    }

    /** The same for people: a backlog is no fault of this instance, so it is up, and says how much waits. */
    @Bean
    @ConditionalOnBean(OutboxRelay.class)
    HealthIndicator outboxHealthIndicator(Outbox outbox, Clock clock) {
        return () -> {
            try {
                Waiting waiting = Waiting.in(outbox, clock);
                return Health.up()
                        .withDetail("size", waiting.size())
                        .withDetail("age", waiting.age())
                        .build();
            } catch (CatgaException unreachable) {
                return Health.unknown()
                        .withDetail("error", unreachable.error().message())
                        .build();
            }
        };
    }
}
