package io.catga;

import com.github.f4b6a3.uuid.UuidCreator;
import io.catga.codec.MessageCodec;
import io.catga.pipeline.Behavior;
import io.catga.pipeline.Stage;
import io.catga.pipeline.Step;
import io.catga.pipeline.Target;
import io.catga.transport.Delivery;
import io.catga.transport.EventBus;
import io.catga.transport.InboundMessages;
import io.catga.transport.LogLines;
import io.catga.transport.RequestTransport;
import io.catga.transport.WireMessage;
import io.catga.transport.WireReply;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.propagation.Propagator;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The mediator: a table from the class of a message to the head of its pipeline, made once. Messages from this process
 * and messages from a transport go through the same pipelines.
 *
 * <p>Two tables, because a type can have both: {@code handled} has the pipelines that end at a handler of this process,
 * {@code sent} those that end at a transport. A request goes to a handler of this process where there is one (or over the
 * transport, where that is a loopback); an event goes to the bus where there is one, and comes back from it like everybody
 * else's.
 *
 * <p>Longer than most classes here: the whole way of a message through a process stands in one place, from either end.
 */
public final class DefaultMediator implements Mediator, InboundMessages, Described {

    private static final Logger LOG = LoggerFactory.getLogger(DefaultMediator.class);

    /** What {@link MediatorBuilder} has checked. */
    record Parts(
            MessageCatalog catalog,
            Handlers handlers,
            List<Behavior> behaviors,
            MessageCodec codec,
            Upcasters upcasters,
            String instance,
            Clock clock,
            Duration timeout,
            @Nullable RequestTransport transport,
            @Nullable EventBus eventBus,
            boolean loopback,
            Tracer tracer,
            Propagator propagator) {}

    record Route(Target target, Pipeline pipeline) {

        MessageDescriptor type() {
            return target.type();
        }
    }

    private final Parts parts;
    private final WireFormat wire;
    private final Map<Class<?>, Route> handled;
    private final Map<Class<?>, Route> sent;
    /** Where a request from this process goes. */
    private final Map<Class<?>, Route> requested;

    private final Set<String> requestTypes;
    private final Set<String> eventTypes;

    DefaultMediator(Parts parts) {
        this.parts = parts;
        this.wire = new WireFormat(parts.codec(), parts.upcasters(), parts.instance(), parts.clock());
        Map<Class<?>, Route> handled = new HashMap<>();
        Map<Class<?>, Route> sent = new HashMap<>();
        parts.handlers()
                .requests()
                .forEach((type, handler) -> handled.put(
                        type.type(), route(targetOf(type, handler), parts.behaviors(), handlerOf(type, handler))));
        parts.handlers().events().forEach((type, handlers) -> handled.put(type.type(), routeToAll(type, handlers)));
        for (MessageDescriptor type : parts.catalog().descriptors()) {
            if (type.kind() == MessageDescriptor.Kind.EVENT) {
                if (parts.eventBus() != null) {
                    sent.put(
                            type.type(),
                            route(new Target(type, true, null), parts.behaviors(), publishing(parts.eventBus())));
                }
            } else if (parts.transport() != null) {
                sent.put(
                        type.type(),
                        route(new Target(type, true, null), parts.behaviors(), requesting(parts.transport())));
            }
        }
        this.handled = Map.copyOf(handled);
        this.sent = Map.copyOf(sent);
        Map<Class<?>, Route> requested = new HashMap<>(parts.loopback() ? handled : sent);
        requested.putAll(parts.loopback() ? sent : handled);
        this.requested = Map.copyOf(requested);
        this.requestTypes = names(parts.handlers().requests().keySet());
        this.eventTypes = names(parts.handlers().events().keySet());
    }

    private static Set<String> names(Collection<MessageDescriptor> types) {
        Set<String> names = new LinkedHashSet<>();
        types.forEach(type -> names.add(type.name()));
        return Set.copyOf(names);
    }

    private Route route(Target target, Collection<Behavior> behaviors, Step.Next end) {
        return new Route(target, Pipeline.compose(target, behaviors, end));
    }

    @SuppressWarnings("unchecked") // the builder found the handler by the type that its class names
    private <R> Step.Next handlerOf(MessageDescriptor type, RequestHandler<?, ?> found) {
        RequestHandler<Request<R>, R> handler = (RequestHandler<Request<R>, R>) found;
        return handling(type, context -> handler.handle((Request<R>) context.message(), context));
    }

    @SuppressWarnings("unchecked") // as above
    private Step.Next handlerOf(MessageDescriptor type, EventHandler<?> found) {
        EventHandler<Event> handler = (EventHandler<Event>) found;
        return handling(type, context -> handler.handle((Event) context.message(), context));
    }

    /** The end of a pipeline: while the handler runs, its message is the cause of what is sent on this thread. */
    private Step.Next handling(MessageDescriptor type, Step.Next handler) {
        return context -> {
            context.answeredBy(parts.instance());
            MessageContext outer = context.enter();
            try {
                return answered(handler.proceed(context));
            } catch (Throwable failure) {
                return failed(type, failure);
            } finally {
                MessageContext.leave(outer);
            }
        };
    }

    private Target targetOf(MessageDescriptor type, Object handler) {
        return new Target(type, false, parts.handlers().label(handler));
    }

    /** The stages up to the idempotency once, the others for each handler: they are isolated from each other. */
    private Route routeToAll(MessageDescriptor type, List<EventHandler<?>> handlers) {
        List<Behavior> once = parts.behaviors().stream()
                .filter(DefaultMediator::isOncePerEvent)
                .toList();
        List<Behavior> forEach = parts.behaviors().stream()
                .filter(behavior -> !isOncePerEvent(behavior))
                .toList();
        List<Pipeline> each = handlers.stream()
                .map(handler -> Pipeline.compose(targetOf(type, handler), forEach, handlerOf(type, handler)))
                .toList();
        Route route = route(new Target(type, false, null), once, toAll(each));
        return new Route(
                route.target(), route.pipeline().followedBy(each.getFirst().members()));
    }

    private static boolean isOncePerEvent(Behavior behavior) {
        return behavior.placement().stage().compareTo(Stage.IDEMPOTENCY) < 0;
    }

    /**
     * Every handler gets the event, whatever the others make of it. The outcome is the first failure that another attempt
     * may mend, or else the first: an event is not given up while one of its handlers still needs it. It came again, and
     * there was nothing left to do, where that holds for each handler.
     */
    private Step.Next toAll(List<Pipeline> handlers) {
        return context -> {
            Result<?> outcome = Result.done();
            boolean replayed = true;
            for (Pipeline handler : handlers) {
                context.markReplayed(false);
                Result<?> result = through(handler, context);
                replayed &= context.isReplayed();
                if (outcome.isSuccess() || (isFinal(outcome) && !result.isSuccess() && !isFinal(result))) {
                    outcome = result;
                }
            }
            context.markReplayed(replayed);
            return outcome;
        };
    }

    private static boolean isFinal(Result<?> result) {
        return result instanceof Result.Failure<?>(CatgaError error)
                && error.code().deadLetter() == ErrorCode.DeadLetter.AT_ONCE;
    }

    private Step.Next requesting(RequestTransport transport) {
        return context -> {
            try {
                WireMessage request = wire.encode(context.descriptor(), context.message(), context.metadata());
                Reply<?> reply = wire.decode(context.descriptor(), transport.request(request, deadline(context)));
                if (reply.handledBy() != null) {
                    context.answeredBy(reply.handledBy());
                }
                if (reply.replayed()) {
                    context.markReplayed();
                }
                return reply.result();
            } catch (Throwable failure) {
                return failed(context.descriptor(), failure);
            }
        };
    }

    private Step.Next publishing(EventBus bus) {
        return context -> {
            try {
                publish(bus, context);
                return Result.done();
            } catch (Throwable failure) {
                return failed(context.descriptor(), failure);
            }
        };
    }

    /** Somebody waits for this publishing, but nobody for the handling of the event: the deadline does not travel. */
    private void publish(EventBus bus, MessageContext context) {
        WireMessage event = wire.encode(
                context.descriptor(), context.message(), context.metadata().withoutDeadline());
        long left = Duration.between(parts.clock().instant(), deadline(context)).toMillis();
        try {
            bus.publish(event)
                    .orTimeout(Math.max(0, left), TimeUnit.MILLISECONDS)
                    .join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof CatgaException known) {
                throw known;
            }
            throw new CatgaException(
                    ErrorCode.UNAVAILABLE,
                    "the event bus did not confirm " + context.descriptor().label() + " within " + left + " ms",
                    e);
        }
    }

    private Instant deadline(MessageContext context) {
        return context.deadline().orElseGet(() -> deadline(MessageOptions.defaults(), null));
    }

    private static Result<?> answered(@Nullable Result<?> answer) {
        return Objects.requireNonNull(answer, "the handler answered null instead of a Result");
    }

    /**
     * The one place where exceptions become errors. All of them, errors of the JVM included: somebody waits for the answer,
     * and would otherwise learn of a class that is missing, or of a handler that answers null, by a time-out.
     */
    private Result<?> failed(MessageDescriptor type, Throwable failure) {
        if (failure instanceof CatgaException known) {
            return Result.failure(known.error());
        }
        LOG.error("[{}] {} ended in a defect", parts.instance(), type.label(), failure);
        return Result.failure(
                ErrorCode.INTERNAL, type.label() + " failed on " + parts.instance() + "; its log has the cause");
    }

    @Override
    public <R> Result<R> send(Request<R> request, MessageOptions options) {
        MessageContext context = contextOf(request, options, MessageContext.current());
        return context == null ? noHandler(request) : run(context);
    }

    @Override
    public <R> Reply<R> exchange(Request<R> request, MessageOptions options) {
        return exchange(request, options, MessageContext.current());
    }

    private <R> Reply<R> exchange(Request<R> request, MessageOptions options, @Nullable MessageContext cause) {
        MessageContext context = contextOf(request, options, cause);
        return context == null ? new Reply<>(noHandler(request), null, false) : reply(context);
    }

    private @Nullable MessageContext contextOf(
            Request<?> request, MessageOptions options, @Nullable MessageContext cause) {
        Route route = requested.get(request.getClass());
        return route == null ? null : new MessageContext(this, route, request, options, cause, true);
    }

    private static <R> Result<R> noHandler(Message message) {
        return Result.failure(
                ErrorCode.NO_HANDLER,
                message.getClass().getSimpleName() + " has no handler and is in no catalogue of this application");
    }

    private <R> Reply<R> reply(MessageContext context) {
        Result<R> result = run(context);
        return new Reply<>(result, context.handledBy().orElse(null), context.isReplayed());
    }

    @SuppressWarnings(
            "unchecked") // the pipeline of a request ends at a handler of, or the decoder for, its result type
    private <R> Result<R> run(MessageContext context) {
        return (Result<R>) through(context.pipeline(), context);
    }

    private Result<?> through(Pipeline pipeline, MessageContext context) {
        try {
            return answered(pipeline.head().proceed(context));
        } catch (Throwable failure) {
            return failed(context.descriptor(), failure);
        }
    }

    @Override
    public <R> CompletionStage<Result<R>> sendAsync(Request<R> request, MessageOptions options) {
        MessageContext cause = MessageContext.current();
        if (cause != null) {
            // made here, by the thread that the context belongs to
            cause.metadata();
        }
        Span span = parts.tracer().currentSpan();
        CompletableFuture<Result<R>> answer = new CompletableFuture<>();
        Thread.ofVirtual().name("catga-send-async").start(() -> {
            try (Tracer.SpanInScope _ = parts.tracer().withSpan(span)) {
                answer.complete(exchange(request, options, cause).result());
            } catch (Throwable defect) {
                answer.completeExceptionally(defect);
            }
        });
        return answer;
    }

    @Override
    public Result<Unit> publish(Event event, MessageOptions options) {
        Route route = sent.get(event.getClass());
        if (route == null) {
            route = handled.get(event.getClass());
        }
        if (route == null) {
            return parts.catalog().find(event.getClass()).isPresent() ? Result.done() : noHandler(event);
        }
        MessageContext cause = MessageContext.current();
        return run(new MessageContext(
                this, route, event, options, cause, route.target().remote()));
    }

    /** An event in the form in which it waits in an outbox, caused by the message of the context. */
    WireMessage prepare(Event event, MessageContext cause) {
        MessageDescriptor type = parts.catalog()
                .find(event.getClass())
                .orElseThrow(() -> new CatgaException(
                        ErrorCode.NO_HANDLER, event.getClass().getSimpleName() + " is in no catalogue"));
        Map<String, String> headers = new HashMap<>();
        Span span = parts.tracer().currentSpan();
        if (span != null) {
            parts.propagator().inject(span.context(), headers, (any, name, value) -> headers.put(name, value));
        }
        MessageMetadata metadata = metadata(MessageOptions.defaults(), cause, null);
        return wire.encode(
                type,
                event,
                new MessageMetadata(
                        metadata.messageId(), metadata.correlationId(), metadata.causationId(), null, null, headers));
    }

    MessageMetadata metadata(MessageOptions options, @Nullable MessageContext cause, @Nullable Instant deadline) {
        String key = options.idempotencyKey();
        String id = key != null ? key : UuidCreator.getTimeOrderedEpochPlus1().toString();
        return new MessageMetadata(
                id,
                cause == null ? id : cause.metadata().correlationId(),
                cause == null ? null : cause.messageId(),
                key,
                deadline,
                options.headers());
    }

    Instant deadline(MessageOptions options, @Nullable MessageContext cause) {
        Duration wait = options.timeout() != null ? options.timeout() : parts.timeout();
        Instant own = parts.clock().instant().plus(wait);
        return Optional.ofNullable(cause)
                .flatMap(MessageContext::deadline)
                .filter(outer -> outer.isBefore(own))
                .orElse(own);
    }

    /** The messages of this application, who handles them, and through which behaviours they go. */
    @Override
    public Map<String, Object> describe() {
        Map<String, Object> messages = new TreeMap<>();
        for (MessageDescriptor type : parts.catalog().descriptors()) {
            Map<String, Object> message = new LinkedHashMap<>();
            message.put("kind", type.kind().label());
            message.put("version", type.version());
            message.put("class", type.type().getName());
            message.put("handlers", parts.handlers().labels(type));
            putPipeline(message, "handling", handled.get(type.type()));
            putPipeline(message, "sending", sent.get(type.type()));
            messages.put(type.name(), message);
        }
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("instance", parts.instance());
        all.put("timeout", parts.timeout().toString());
        all.put("messages", messages);
        return all;
    }

    private static void putPipeline(Map<String, Object> message, String name, @Nullable Route route) {
        if (route != null) {
            message.put(name, route.pipeline().describe());
        }
    }

    @Override
    public Set<String> requestTypes() {
        return requestTypes;
    }

    @Override
    public Set<String> eventTypes() {
        return eventTypes;
    }

    @Override
    public WireReply onRequest(WireMessage request) {
        try {
            return wire.encode(reply(routeOf(request), request, wire.passage(request)));
        } catch (Throwable failure) {
            return reject(request, unhandled(request, failure));
        }
    }

    /** What the sender learns of a message that did not get as far as its pipeline, or whose answer has no form. */
    private CatgaError unhandled(WireMessage message, Throwable failure) {
        if (failure instanceof CatgaException known) {
            LogLines.about(
                    message,
                    () -> LOG.warn(
                            "[{}] {} failed: {} [MessageId={}]",
                            parts.instance(),
                            message.type(),
                            known.getMessage(),
                            message.messageId()));
            return known.error();
        }
        LogLines.about(
                message,
                () -> LOG.error(
                        "[{}] {} ended in a defect [MessageId={}]",
                        parts.instance(),
                        message.type(),
                        message.messageId(),
                        failure));
        return CatgaError.of(
                ErrorCode.INTERNAL, message.type() + " failed on " + parts.instance() + "; its log has the cause");
    }

    @Override
    public WireReply refuse(WireMessage request) {
        return reject(
                request,
                CatgaError.of(ErrorCode.OVERLOADED, parts.instance() + " has no room for " + request.type() + " now")
                        .retryAfter(Duration.ofSeconds(1)));
    }

    @Override
    public WireReply reject(WireMessage request, CatgaError error) {
        return wire.encode(new Reply<>(Result.failure(error), null, false));
    }

    @Override
    public Delivery onEvent(WireMessage event, int attempt, boolean lastAttempt) {
        Result<?> result;
        try {
            result = reply(routeOf(event), event, wire.passage(event).withAttempt(attempt))
                    .result();
        } catch (Throwable failure) {
            result = Result.failure(unhandled(event, failure));
        }
        return switch (result) {
            case Result.Success<?> ignored -> new Delivery.Handled();
            case Result.Failure<?>(CatgaError error) -> afterFailure(error, lastAttempt);
        };
    }

    private static Delivery afterFailure(CatgaError error, boolean lastAttempt) {
        boolean givenUp = switch (error.code().deadLetter()) {
            case AT_ONCE -> true;
            case AFTER_LAST_ATTEMPT -> lastAttempt;
            case NEVER -> false;
        };
        return givenUp ? new Delivery.GivenUp(error) : new Delivery.Again();
    }

    private Reply<?> reply(Route route, WireMessage message, Passage passage) {
        return reply(
                new MessageContext(this, route, wire.decode(route.type(), message), wire.metadata(message), passage));
    }

    private Route routeOf(WireMessage message) {
        return parts.catalog()
                .find(message.type())
                .map(type -> handled.get(type.type()))
                .orElseThrow(() -> new CatgaException(
                        ErrorCode.NO_HANDLER, parts.instance() + " has no handler for " + message.type()));
    }
}
