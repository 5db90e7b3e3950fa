package io.catga;

import io.catga.codec.JacksonCodec;
import io.catga.codec.MessageCodec;
import io.catga.codec.Upcaster;
import io.catga.pipeline.Behavior;
import io.catga.pipeline.Behaviors;
import io.catga.pipeline.CircuitBreakerOptions;
import io.catga.pipeline.ConcurrencyLimitOptions;
import io.catga.pipeline.MessagingNames;
import io.catga.pipeline.Pause;
import io.catga.pipeline.RateLimitOptions;
import io.catga.pipeline.RetryOptions;
import io.catga.pipeline.Stage;
import io.catga.store.IdempotencyOptions;
import io.catga.store.StateStore;
import io.catga.transport.EventBus;
import io.catga.transport.RequestTransport;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.propagation.Propagator;
import jakarta.validation.Validator;
import java.lang.reflect.Method;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Describes a mediator: the messages, their handlers, and what the pipeline and the ways to other processes are made of.
 * {@link #build} checks it all and reports every mistake at once. Not thread-safe; the mediator is.
 */
public final class MediatorBuilder {

    private final List<MessageCatalog> catalogs = new ArrayList<>();
    private final List<HandlerSource> handlers = new ArrayList<>();
    private final List<Upcaster> upcasters = new ArrayList<>();
    private final List<String> reported = new ArrayList<>();
    private final List<Behavior> behaviors = new ArrayList<>();
    private MessageCodec codec = new JacksonCodec();
    private String instance = "local";
    private Clock clock = Clock.systemUTC();
    private Duration timeout = Duration.ofSeconds(5);
    private @Nullable RequestTransport transport;
    private @Nullable EventBus eventBus;
    private boolean loopback;
    private Tracer tracer = Tracer.NOOP;
    private Propagator propagator = Propagator.NOOP;
    private @Nullable MessagingNames messagingNames;
    private @Nullable MeterRegistry meters;
    private @Nullable Validator validator;
    private @Nullable StateStore store;
    private IdempotencyOptions idempotency = IdempotencyOptions.defaults();
    private @Nullable RateLimitOptions rateLimit;
    private ConcurrencyLimitOptions concurrencyLimit = ConcurrencyLimitOptions.defaults();
    private CircuitBreakerOptions circuitBreaker = CircuitBreakerOptions.defaults();
    private RetryOptions retry = RetryOptions.defaults();
    private final Set<Stage> without = EnumSet.noneOf(Stage.class);

    MediatorBuilder() {}

    /** Adds types of messages; a message that is in no catalogue can be neither sent nor handled. */
    public MediatorBuilder catalog(MessageCatalog catalog) {
        catalogs.add(catalog);
        return this;
    }

    /**
     * Adds the handler of one type of command or query, which its class must name: for a lambda see
     * {@link #handler(Class, CommandHandler)}.
     */
    public MediatorBuilder handler(RequestHandler<?, ?> handler) {
        handlers.add(new HandlerObject(handler, RequestHandler.class, null));
        return this;
    }

    /**
     * Adds a handler of one type of event, which its class must name: for a lambda see
     * {@link #handler(Class, EventHandler)}.
     */
    public MediatorBuilder handler(EventHandler<?> handler) {
        handlers.add(new HandlerObject(handler, EventHandler.class, null));
        return this;
    }

    /** Adds the handler of a type of command; it can be a lambda. */
    public <C extends Command<R>, R> MediatorBuilder handler(Class<C> type, CommandHandler<C, R> handler) {
        handlers.add(new HandlerObject(handler, RequestHandler.class, type));
        return this;
    }

    /** Adds the handler of a type of query; it can be a lambda. */
    public <Q extends Query<R>, R> MediatorBuilder handler(Class<Q> type, QueryHandler<Q, R> handler) {
        handlers.add(new HandlerObject(handler, RequestHandler.class, type));
        return this;
    }

    /** Adds a handler of a type of event; it can be a lambda. */
    public <E extends Event> MediatorBuilder handler(Class<E> type, EventHandler<E> handler) {
        handlers.add(new HandlerObject(handler, EventHandler.class, type));
        return this;
    }

    /** Adds every method of an object that is marked with {@link Handler}, those of its superclasses included. */
    public MediatorBuilder handlerMethods(Object target) {
        List<HandlerMethod> found = HandlerMethod.of(target);
        handlers.addAll(found);
        if (found.isEmpty()) {
            finding(target.getClass().getName()
                    + " has no method that is marked with @Handler; mark one, or leave it out");
        }
        return this;
    }

    /**
     * Adds one method as a handler, marked or not, for those who find methods in a way of their own.
     *
     * @param target what it is called on; may be a proxy of the class that the method is declared in
     */
    public MediatorBuilder handlerMethod(Object target, Method method) {
        handlers.add(new HandlerMethod(target, method));
        return this;
    }

    /** Adds the way from one version of a message to the next, for messages of older senders. */
    public MediatorBuilder upcaster(Upcaster upcaster) {
        upcasters.add(upcaster);
        return this;
    }

    /** Adds a mistake that was found while the parts were collected, to be reported with all others. */
    public MediatorBuilder finding(String sentence) {
        reported.add(sentence);
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

    /** By which deadlines are meant; the clock of this machine by default. */
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

    /**
     * A network that nobody else takes part in: requests cross it although their handlers are in this process, so what
     * cannot be written or read as bytes shows without another process.
     */
    public MediatorBuilder loopback(RequestTransport requests, EventBus events) {
        this.loopback = true;
        return requestTransport(requests).eventBus(events);
    }

    /** Makes a span of each message; the trace context travels with the messages. */
    public MediatorBuilder tracing(Tracer tracer, Propagator propagator) {
        this.tracer = tracer;
        this.propagator = propagator;
        return this;
    }

    /**
     * What spans call the system that carries messages between processes; needed beside
     * {@link #tracing} where there is a transport.
     */
    public MediatorBuilder messagingNames(MessagingNames names) {
        this.messagingNames = names;
        return this;
    }

    /** Counts and times messages. */
    public MediatorBuilder metrics(MeterRegistry registry) {
        this.meters = registry;
        return this;
    }

    /** Refuses messages that break a constraint. */
    public MediatorBuilder validation(Validator validator) {
        this.validator = validator;
        return this;
    }

    /** Where it is kept what has been handled, for messages that are {@link Idempotent}. */
    public MediatorBuilder store(StateStore store) {
        this.store = store;
        return this;
    }

    /** The lease, the retention and the limit for messages that are {@link Idempotent}. */
    public MediatorBuilder idempotency(IdempotencyOptions options) {
        this.idempotency = options;
        return this;
    }

    /** How many messages of each type pass in a period; without, as many as come. */
    public MediatorBuilder rateLimit(RateLimitOptions options) {
        this.rateLimit = options;
        return this;
    }

    /** How many messages of each type may be in hand at once. */
    public MediatorBuilder concurrencyLimit(ConcurrencyLimitOptions options) {
        this.concurrencyLimit = options;
        return this;
    }

    /** When what keeps failing is not tried for a while. */
    public MediatorBuilder circuitBreaker(CircuitBreakerOptions options) {
        this.circuitBreaker = options;
        return this;
    }

    /** How often, and after which waits, a message is tried again. */
    public MediatorBuilder retry(RetryOptions options) {
        this.retry = options;
        return this;
    }

    /** Leaves out some of Catga's own behaviours; what is added by {@link #behavior} stays. */
    public MediatorBuilder without(Stage... stages) {
        without.addAll(Arrays.asList(stages));
        return this;
    }

    /** Adds a behaviour where it wants to stand, inside of those that already stand there. */
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
        findings.addAll(reported);
        Handlers handlers = Handlers.of(this.handlers, catalog, findings);
        if (transport == null || loopback) {
            for (MessageDescriptor type : catalog.descriptors()) {
                if (type.kind() != MessageDescriptor.Kind.EVENT && handlers.missing(type)) {
                    findings.add("%s has no handler here, and there is no transport to another process; add a handler"
                                    .formatted(type.label())
                            + " or a transport such as catga-nats");
                }
            }
        }
        if (store == null && !without.contains(Stage.IDEMPOTENCY)) {
            Stream.concat(handlers.requests().keySet().stream(), handlers.events().keySet().stream())
                    .filter(type -> type.type().isAnnotationPresent(Idempotent.class))
                    .forEach(type -> findings.add(type.label()
                            + " is @Idempotent, but there is no store to keep what was handled; add a StateStore such as"
                            + " catga-redis"));
        }
        Upcasters upcasters = Upcasters.of(this.upcasters, catalog, findings);
        findings.addAll(unfitForTheCodec(catalog));
        if (!findings.isEmpty()) {
            throw new CatgaConfigurationException(findings);
        }
        List<Behavior> all = new ArrayList<>(ownBehaviors());
        all.addAll(behaviors);
        return new DefaultMediator(new DefaultMediator.Parts(
                catalog,
                handlers,
                all,
                codec,
                upcasters,
                instance,
                clock,
                timeout,
                transport,
                eventBus,
                loopback,
                tracer,
                propagator));
    }

    private List<Behavior> ownBehaviors() {
        List<Behavior> own = new ArrayList<>();
        if (tracer != Tracer.NOOP) {
            own.add(Behaviors.tracing(
                    tracer, propagator, messagingNames == null ? MessagingNames.inProcess(instance) : messagingNames));
        }
        if (meters != null) {
            own.add(Behaviors.metrics(meters));
        }
        own.add(Behaviors.logging(instance));
        if (validator != null) {
            own.add(Behaviors.validation(validator));
        }
        own.add(Behaviors.deadline(clock));
        if (store != null) {
            own.add(idempotency.behavior(store, codec, clock, instance, Pause.sleeping()));
        }
        if (rateLimit != null) {
            own.add(Behaviors.rateLimit(rateLimit));
        }
        own.add(Behaviors.concurrencyLimit(concurrencyLimit));
        own.add(Behaviors.circuitBreaker(circuitBreaker, meters));
        own.add(Behaviors.retry(
                retry, clock, () -> ThreadLocalRandom.current().nextDouble(), Pause.sleeping(), meters, tracer));
        own.removeIf(behavior -> without.contains(behavior.placement().stage()));
        return own;
    }

    /** What is wrong with a type stands there once, however many messages it occurs in. */
    private Set<String> unfitForTheCodec(MessageCatalog catalog) {
        Set<String> findings = new LinkedHashSet<>();
        for (MessageDescriptor type : catalog.descriptors()) {
            findings.addAll(codec.findings(type.type()));
            findings.addAll(codec.findings(type.resultType()));
        }
        return findings;
    }
}
