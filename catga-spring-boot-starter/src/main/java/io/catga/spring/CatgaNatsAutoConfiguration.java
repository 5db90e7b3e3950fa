package io.catga.spring;

import io.catga.nats.NatsAccess;
import io.catga.nats.NatsDeadLetters;
import io.catga.nats.NatsEventBus;
import io.catga.nats.NatsEventOptions;
import io.catga.nats.NatsEventReceiver;
import io.catga.nats.NatsLink;
import io.catga.nats.NatsMessagingNames;
import io.catga.nats.NatsOptions;
import io.catga.nats.NatsRequestOptions;
import io.catga.nats.NatsRequestReceiver;
import io.catga.nats.NatsRequestTransport;
import io.catga.pipeline.MessagingNames;
import io.catga.transport.DeadLetters;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.tracing.Tracer;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.Conditional;
import org.springframework.core.type.AnnotatedTypeMetadata;

/**
 * Messages over NATS, for an application that says where NATS is. Nothing connects before the application starts, so a
 * run that only trains an AOT cache needs no broker.
 */
@AutoConfiguration(before = CatgaAutoConfiguration.class)
@ConditionalOnClass(NatsLink.class)
@ConditionalOnBooleanProperty(name = "catga.in-memory", havingValue = false, matchIfMissing = true)
@Conditional(CatgaNatsAutoConfiguration.NatsIsConfigured.class)
public class CatgaNatsAutoConfiguration {

    /** Somebody has said where NATS is. */
    static final class NatsIsConfigured implements Condition {
        @Override
        public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
            return Addresses.areIn(context.getEnvironment(), "catga.nats.servers");
        }
    }

    /** The queue group is the service, so each request reaches one replica; the consumer is the replica itself. */
    @Bean(destroyMethod = "")
    NatsLink catgaNatsLink(CatgaProperties properties, CatgaInstance instance, ObjectProvider<SslBundles> sslBundles) {
        CatgaProperties.Nats nats = properties.nats();
        NatsOptions options = NatsOptions.defaults()
                .withServers(nats.servers())
                .withConnectionName(instance.name())
                .withAccess(access(nats, sslBundles))
                .withRequests(NatsRequestOptions.defaults()
                        .withGroup(instance.service())
                        .withAttemptTimeout(nats.attemptTimeout())
                        .withNoResponderPatience(nats.noResponderPatience())
                        .withMaxConcurrent(nats.maxConcurrentRequests()))
                .withEvents(NatsEventOptions.defaults()
                        .withConsumer(instance.name())
                        .withRetention(NatsEventOptions.Retention.defaults().withReplicas(nats.replicas())));
        String site = nats.site();
        return new NatsLink(site == null ? options : options.withSite(site, nats.otherSites()));
    }

    private static NatsAccess access(CatgaProperties.Nats nats, ObjectProvider<SslBundles> sslBundles) {
        NatsAccess access = new NatsAccess(nats.username(), nats.password(), nats.inboxPrefix(), null);
        return TlsBundle.find(sslBundles, "catga.nats.ssl-bundle", nats.sslBundle())
                .map(bundle -> access.withTls(bundle.createSslContext()))
                .orElse(access);
    }

    @Bean
    PhasedLifecycle catgaNatsLinkLifecycle(NatsLink link, CatgaProperties properties) {
        return new PhasedLifecycle(
                "the NATS connection",
                PhasedLifecycle.CONNECTIONS,
                properties.shutdownGrace(),
                link::start,
                grace -> link.close());
    }

    @Bean
    NatsRequestTransport catgaNatsRequestTransport(NatsLink link, ObjectProvider<Tracer> tracer) {
        return new NatsRequestTransport(link, tracer.getIfAvailable(() -> Tracer.NOOP));
    }

    @Bean
    @ConditionalOnMissingBean(MessagingNames.class)
    NatsMessagingNames catgaNatsMessagingNames(NatsLink link) {
        return new NatsMessagingNames(link.options());
    }

    @Bean
    MeterBinder catgaNatsMeters(NatsLink link, NatsRequestTransport transport) {
        return new NatsMeters(link, transport);
    }

    @Bean
    NatsEventBus catgaNatsEventBus(NatsLink link) {
        return new NatsEventBus(link);
    }

    @Bean
    PhasedLifecycle catgaNatsEventBusLifecycle(NatsEventBus bus, CatgaProperties properties) {
        return new PhasedLifecycle(
                "the event bus", PhasedLifecycle.CONNECTIONS + 1, properties.shutdownGrace(), bus::start, grace -> {});
    }

    @Bean
    @ConditionalOnMissingBean(DeadLetters.class)
    NatsDeadLetters catgaNatsDeadLetters(NatsLink link) {
        return new NatsDeadLetters(link);
    }

    /** Connected, and what this instance takes reaches it; not where the server refuses what it subscribes to. */
    @Bean
    HealthCheck natsHealthIndicator(
            NatsLink link, ObjectProvider<NatsRequestReceiver> requests, ObjectProvider<NatsEventReceiver> events) {
        return new HealthCheck(
                "NATS_Connection",
                () -> link.isConnected()
                        && link.hearsAll()
                        && requests.stream().allMatch(NatsRequestReceiver::isActive)
                        && events.stream().allMatch(NatsEventReceiver::isActive));
    }
}
