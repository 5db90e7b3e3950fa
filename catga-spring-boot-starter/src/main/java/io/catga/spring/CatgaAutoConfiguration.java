package io.catga.spring;

import io.catga.Described;
import io.catga.EventHandler;
import io.catga.Handler;
import io.catga.Mediator;
import io.catga.MediatorBuilder;
import io.catga.MessageCatalog;
import io.catga.RequestHandler;
import io.catga.codec.JacksonCodec;
import io.catga.codec.MessageCodec;
import io.catga.codec.Upcaster;
import io.catga.pipeline.Behavior;
import io.catga.pipeline.MessagingNames;
import io.catga.pipeline.Stage;
import io.catga.store.StateStore;
import io.catga.transport.EventBus;
import io.catga.transport.InMemoryNetwork;
import io.catga.transport.RequestTransport;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.propagation.Propagator;
import jakarta.validation.Validator;
import java.time.Clock;
import java.util.Map;
import java.util.regex.Pattern;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.endpoint.SanitizingFunction;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;

/**
 * The mediator of an application, made of the beans of type {@link MessageCatalog}, {@link RequestHandler},
 * {@link EventHandler}, {@link Upcaster} and {@link Behavior}, of the methods of beans that are marked with
 * {@link Handler}, and of what there is for transport, tracing, metrics and validation.
 */
@AutoConfiguration(
        afterName = {
            "org.springframework.boot.micrometer.metrics.autoconfigure.export.prometheus.PrometheusMetricsExportAutoConfiguration",
            "org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration",
            "org.springframework.boot.micrometer.tracing.opentelemetry.autoconfigure.OpenTelemetryTracingAutoConfiguration",
            "org.springframework.boot.validation.autoconfigure.ValidationAutoConfiguration",
        })
@EnableConfigurationProperties(CatgaProperties.class)
public class CatgaAutoConfiguration {

    /** As a property, and as a variable of the environment. */
    private static final Pattern PASSWORD = Pattern.compile("catga[._].*password", Pattern.CASE_INSENSITIVE);

    @Bean
    @ConditionalOnMissingBean
    CatgaInstance catgaInstance(CatgaProperties properties, Environment environment) {
        String given = properties.instance();
        return new CatgaInstance(
                environment.getProperty("spring.application.name", "application"),
                given == null || given.isBlank() ? InstanceName.find() : given);
    }

    @Bean
    @ConditionalOnMissingBean
    MessageCodec catgaCodec() {
        return new JacksonCodec();
    }

    @Bean
    @ConditionalOnMissingBean
    Clock catgaClock() {
        return Clock.systemUTC();
    }

    @Bean
    @ConditionalOnMissingBean(Mediator.class)
    InjectedMediator catgaMediator(
            CatgaProperties properties,
            CatgaInstance instance,
            MessageCodec codec,
            Clock clock,
            ObjectProvider<RequestTransport> transport,
            ObjectProvider<EventBus> eventBus,
            ObjectProvider<InMemoryNetwork> network,
            ObjectProvider<Tracer> tracer,
            ObjectProvider<Propagator> propagator,
            ObjectProvider<MessagingNames> messagingNames,
            ObjectProvider<MeterRegistry> meters,
            ObjectProvider<StateStore> store,
            ObjectProvider<Validator> validator,
            ObjectProvider<MessageCatalog> catalogs,
            ObjectProvider<RequestHandler<?, ?>> requestHandlers,
            ObjectProvider<EventHandler<?>> eventHandlers,
            ConfigurableListableBeanFactory beans,
            ObjectProvider<Upcaster> upcasters,
            ObjectProvider<Behavior> behaviors) {
        MediatorBuilder builder = Mediator.builder()
                .instance(instance.name())
                .codec(codec)
                .clock(clock)
                .timeout(properties.timeout())
                .idempotency(properties.idempotency().options(properties.retention()))
                .concurrencyLimit(properties.concurrencyLimit().options())
                .circuitBreaker(properties.circuitBreaker().options())
                .retry(properties.retry().options())
                .without(properties.without().toArray(Stage[]::new));
        properties.rateLimit().options().ifPresent(builder::rateLimit);
        store.ifAvailable(builder::store);
        transport.ifAvailable(builder::requestTransport);
        eventBus.ifAvailable(builder::eventBus);
        if (properties.inMemory()) {
            network.ifAvailable(own -> builder.loopback(own.requests(), own.events()));
        }
        meters.ifAvailable(builder::metrics);
        validator.ifAvailable(builder::validation);
        tracer.ifAvailable(found -> propagator.ifAvailable(carrier -> builder.tracing(found, carrier)));
        messagingNames.ifAvailable(builder::messagingNames);
        return new InjectedMediator(
                builder, catalogs, requestHandlers, eventHandlers, new HandlerMethods(beans), upcasters, behaviors);
    }

    @Bean
    @ConditionalOnAvailableEndpoint(CatgaEndpoint.class)
    CatgaEndpoint catgaEndpoint(Map<String, Described> components) {
        return new CatgaEndpoint(components);
    }

    /** Passwords are shown to nobody, also where an application shows the values of its settings. */
    @Bean
    SanitizingFunction catgaPasswordsHidden() {
        return SanitizingFunction.sanitizeValue().ifKeyMatches(PASSWORD);
    }

    @Bean
    HealthCheck catgaCoreHealthIndicator(ObjectProvider<InjectedMediator> mediator) {
        return new HealthCheck(
                "Catga_Core_Health_Check", () -> mediator.stream().allMatch(InjectedMediator::isBuilt));
    }
}
