package io.catga;

import io.catga.codec.JacksonCodec;
import io.catga.codec.MessageCodec;
import io.catga.pipeline.Behavior;
import io.catga.pipeline.DeadlineBehavior;
import io.catga.pipeline.LoggingBehavior;
import io.catga.pipeline.MetricsBehavior;
import io.catga.pipeline.TracingBehavior;
import io.catga.pipeline.ValidationBehavior;
import io.catga.transport.EventBus;
import io.catga.transport.RequestTransport;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.propagation.Propagator;
import jakarta.validation.Validator;
import java.lang.reflect.Type;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Describes a mediator: the messages, their handlers, and what the pipeline and the ways to other processes are made of.
 * {@link #build} checks it all and reports every mistake at once. Not thread-safe; the mediator is.
 */
public final class MediatorBuilder {

    private final List<MessageCatalog> catalogs = new ArrayList<>();
    private final List<RequestHandler<?, ?>> requestHandlers = new ArrayList<>();
    private final List<EventHandler<?>> eventHandlers = new ArrayList<>();
    private final List<Behavior> behaviors = new ArrayList<>();
    private MessageCodec codec = new JacksonCodec();
    private String instance = "local";
    private Clock clock = Clock.systemUTC();
    private Duration timeout = Duration.ofSeconds(5);
    private @Nullable RequestTransport transport;
    private @Nullable EventBus eventBus;
    private Tracer tracer = Tracer.NOOP;
    private Propagator propagator = Propagator.NOOP;

    MediatorBuilder() {}

    /** Adds types of messages; a message that is in no catalogue can be neither sent nor handled. */
    public MediatorBuilder catalog(MessageCatalog catalog) {
        catalogs.add(catalog);
        return this;
    }

    /** Adds the handler of one type of command or query, which its class must name: not a lambda. */
    public MediatorBuilder handler(RequestHandler<?, ?> handler) {
        requestHandlers.add(handler);
        return this;
    }

    /** Adds a handler of one type of event, which its class must name: not a lambda. */
    public MediatorBuilder handler(EventHandler<?> handler) {
        eventHandlers.add(handler);
        return this;
    }

    /** How messages become bytes; JSON by default. */
    public MediatorBuilder codec(MessageCodec codec) {
        this.codec = codec;
        return this;
    }

    /** The name of this process, for people: it stands in log lines and replies. */
    public MediatorBuilder instance(String name) {
        this.instance = name;
        return this;
    }

    public MediatorBuilder clock(Clock clock) {
        this.clock = clock;
        return this;
    }

    /** How long a sender waits that says nothing else; 5 seconds by default. */
    public MediatorBuilder timeout(Duration timeout) {
        if (!timeout.isPositive()) {
            throw new IllegalArgumentException("timeout must be positive, but was " + timeout + "; set catga.timeout");
        }
        this.timeout = timeout;
        return this;
    }

    /** The way to handlers in other processes, for requests that have none in this one. */
    public MediatorBuilder requestTransport(RequestTransport transport) {
        this.transport = transport;
        return this;
    }

    /** The way that published events take; without one they go to the handlers in this process. */
    public MediatorBuilder eventBus(EventBus bus) {
        this.eventBus = bus;
        return this;
    }

    /** Makes a span of each message; the trace context travels with the messages. */
    public MediatorBuilder tracing(Tracer tracer, Propagator propagator) {
        this.tracer = tracer;
        this.propagator = propagator;
        return behavior(new TracingBehavior(tracer, propagator));
    }

    /** Counts and times messages. */
    public MediatorBuilder metrics(MeterRegistry registry) {
        return behavior(new MetricsBehavior(registry));
    }

    /** Refuses messages that break a constraint. */
    public MediatorBuilder validation(Validator validator) {
        return behavior(new ValidationBehavior(validator));
    }

    /** Adds a behaviour at its stage, behind those that stand there already. */
    public MediatorBuilder behavior(Behavior behavior) {
        behaviors.add(behavior);
        return this;
    }

    /**
     * Checks everything and composes the pipelines.
     *
     * @throws CatgaConfigurationException with all that is wrong
     */
    public DefaultMediator build() {
        MessageCatalog catalog = MessageCatalog.union(catalogs);
        List<String> findings = new ArrayList<>(catalog.findings());
        Map<MessageDescriptor, RequestHandler<?, ?>> requests = requestHandlers(catalog, findings);
        Map<MessageDescriptor, List<EventHandler<?>>> events = eventHandlers(catalog, findings);
        if (transport == null) {
            for (MessageDescriptor type : catalog.descriptors()) {
                if (type.kind() != MessageDescriptor.Kind.EVENT && !requests.containsKey(type)) {
                    findings.add("%s has no handler here, and there is no transport to another process; add a handler"
                                    .formatted(type.label())
                            + " or a transport such as catga-nats");
                }
            }
        }
        if (!findings.isEmpty()) {
            throw new CatgaConfigurationException(findings);
        }
        List<Behavior> all = new ArrayList<>(behaviors);
        all.add(new LoggingBehavior(instance));
        all.add(new DeadlineBehavior(clock));
        return new DefaultMediator(new DefaultMediator.Parts(
                catalog,
                requests,
                events,
                all,
                codec,
                instance,
                clock,
                timeout,
                transport,
                eventBus,
                tracer,
                propagator));
    }

    private Map<MessageDescriptor, RequestHandler<?, ?>> requestHandlers(
            MessageCatalog catalog, List<String> findings) {
        Map<MessageDescriptor, RequestHandler<?, ?>> found = new LinkedHashMap<>();
        for (RequestHandler<?, ?> handler : requestHandlers) {
            handledType(handler, RequestHandler.class, catalog, findings).ifPresent(type -> {
                RequestHandler<?, ?> other = found.putIfAbsent(type, handler);
                if (other != null) {
                    findings.add("%s has two handlers, %s and %s; remove one"
                            .formatted(
                                    type.label(),
                                    other.getClass().getName(),
                                    handler.getClass().getName()));
                }
            });
        }
        return found;
    }

    private Map<MessageDescriptor, List<EventHandler<?>>> eventHandlers(MessageCatalog catalog, List<String> findings) {
        Map<MessageDescriptor, List<EventHandler<?>>> found = new LinkedHashMap<>();
        for (EventHandler<?> handler : eventHandlers) {
            handledType(handler, EventHandler.class, catalog, findings)
                    .ifPresent(type -> found.computeIfAbsent(type, any -> new ArrayList<>())
                            .add(handler));
        }
        return found;
    }

    private static Optional<MessageDescriptor> handledType(
            Object handler, Class<?> contract, MessageCatalog catalog, Collection<String> findings) {
        String name = handler.getClass().getName();
        Optional<Type> type = TypeArguments.of(handler.getClass(), contract, 0);
        if (type.isEmpty() || !(type.get() instanceof Class<?> message)) {
            findings.add(name + " does not say which message it handles; make it a class that implements "
                    + contract.getSimpleName() + " with a concrete message type, not a lambda");
            return Optional.empty();
        }
        Optional<MessageDescriptor> descriptor = catalog.find(message);
        if (descriptor.isEmpty()) {
            findings.add("%s handles %s, which is in no catalogue, so nobody can send it; add it to a MessageCatalog"
                    .formatted(name, message.getName()));
        }
        return descriptor;
    }
}
