package io.catga;

import com.github.f4b6a3.uuid.UuidCreator;
import io.catga.codec.MessageCodec;
import io.catga.pipeline.Behavior;
import io.catga.pipeline.Pipeline;
import io.catga.pipeline.Step;
import io.catga.transport.Delivery;
import io.catga.transport.EventBus;
import io.catga.transport.InboundMessages;
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
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The mediator: a table from the class of a message to the head of its pipeline, made once. Messages from this process
 * and messages from a transport go through the same pipelines.
 *
 * <p>Two tables, because a type can have both: {@code handled} has the pipelines that end at a handler of this process,
 * {@code sent} those that end at a transport. A request goes to a handler of this process where there is one; an event
 * goes to the bus where there is one, and comes back from it like everybody else's.
 */
public final class DefaultMediator implements Mediator, InboundMessages {

    private static final Logger LOG = LoggerFactory.getLogger(DefaultMediator.class);

    /** What {@link MediatorBuilder} has checked. */
    record Parts(
            MessageCatalog catalog,
            Map<MessageDescriptor, RequestHandler<?, ?>> requestHandlers,
            Map<MessageDescriptor, List<EventHandler<?>>> eventHandlers,
            List<Behavior> behaviors,
            MessageCodec codec,
            String instance,
            Clock clock,
            Duration timeout,
            @Nullable RequestTransport transport,
            @Nullable EventBus eventBus,
            Tracer tracer,
            Propagator propagator) {}

    private record Route(MessageDescriptor type, boolean remote, Step.Next pipeline) {}

    private final Parts parts;
    private final WireFormat wire;
    private final Map<Class<?>, Route> handled;
    private final Map<Class<?>, Route> sent;
    private final Set<String> requestTypes;
    private final Set<String> eventTypes;

    DefaultMediator(Parts parts) {
        this.parts = parts;
        this.wire = new WireFormat(parts.codec());
        Map<Class<?>, Route> handled = new HashMap<>();
        Map<Class<?>, Route> sent = new HashMap<>();
        parts.requestHandlers()
                .forEach((type, handler) -> handled.put(type.type(), route(type, false, handlerOf(type, handler))));
        parts.eventHandlers()
                .forEach((type, handlers) -> handled.put(type.type(), route(type, false, handlersOf(type, handlers))));
        for (MessageDescriptor type : parts.catalog().descriptors()) {
            if (type.kind() == MessageDescriptor.Kind.EVENT) {
                if (parts.eventBus() != null) {
                    sent.put(type.type(), route(type, true, publishing(parts.eventBus())));
                }
            } else if (parts.transport() != null) {
                sent.put(type.type(), route(type, true, requesting(parts.transport())));
            }
        }
        this.handled = Map.copyOf(handled);
        this.sent = Map.copyOf(sent);
        this.requestTypes = names(parts.requestHandlers().keySet());
        this.eventTypes = names(parts.eventHandlers().keySet());
    }

    private static Set<String> names(Collection<MessageDescriptor> types) {
        Set<String> names = new LinkedHashSet<>();
        types.forEach(type -> names.add(type.name()));
        return Set.copyOf(names);
    }

    private Route route(MessageDescriptor type, boolean remote, Step.Next end) {
        return new Route(type, remote, Pipeline.compose(type, remote, parts.behaviors(), end));
    }

    @SuppressWarnings("unchecked") // the builder found the handler by the type that its class names
    private <R> Step.Next handlerOf(MessageDescriptor type, RequestHandler<?, ?> found) {
        RequestHandler<Request<R>, R> handler = (RequestHandler<Request<R>, R>) found;
        return context -> {
            context.answeredBy(parts.instance());
            return guarded(
                    type, () -> context.handleWith(() -> handler.handle((Request<R>) context.message(), context)));
        };
    }

    /**
     * Every handler gets the event, whatever the others make of it. The outcome is the first failure that another attempt
     * may mend, or else the first: an event is not given up while one of its handlers still needs it.
     */
    @SuppressWarnings("unchecked") // as above
    private Step.Next handlersOf(MessageDescriptor type, List<EventHandler<?>> found) {
        List<EventHandler<Event>> handlers =
                found.stream().map(handler -> (EventHandler<Event>) handler).toList();
        return context -> {
            context.answeredBy(parts.instance());
            Result<?> outcome = Result.done();
            for (EventHandler<Event> handler : handlers) {
                Result<?> result = guarded(
                        type, () -> context.handleWith(() -> handler.handle((Event) context.message(), context)));
                if (outcome.isSuccess() || (isFinal(outcome) && !result.isSuccess() && !isFinal(result))) {
                    outcome = result;
                }
            }
            return outcome;
        };
    }

    private static boolean isFinal(Result<?> result) {
        return result instanceof Result.Failure<?>(CatgaError error)
                && error.code().deadLetter() == ErrorCode.DeadLetter.AT_ONCE;
    }

    private Step.Next requesting(RequestTransport transport) {
        return context -> guarded(context.descriptor(), () -> {
            WireMessage request = wire.encode(context.descriptor(), context.message(), context.metadata());
            Reply<?> reply = wire.decode(context.descriptor(), transport.request(request, deadline(context)));
            if (reply.handledBy() != null) {
                context.answeredBy(reply.handledBy());
            }
            if (reply.replayed()) {
                context.markReplayed();
            }
            return reply.result();
        });
    }

    private Step.Next publishing(EventBus bus) {
        return context -> guarded(context.descriptor(), () -> {
            // Somebody waits for this publishing, but nobody for the handling of the event: the deadline does not
            // travel.
            WireMessage event = wire.encode(
                    context.descriptor(), context.message(), context.metadata().withoutDeadline());
            long left =
                    Duration.between(parts.clock().instant(), deadline(context)).toMillis();
            try {
                bus.publish(event)
                        .orTimeout(Math.max(0, left), TimeUnit.MILLISECONDS)
                        .join();
                return Result.done();
            } catch (CompletionException e) {
                if (e.getCause() instanceof CatgaException known) {
                    throw known;
                }
                throw new CatgaException(
                        ErrorCode.UNAVAILABLE,
                        "the event bus did not confirm " + context.descriptor().label() + " within " + left + " ms",
                        e);
            }
        });
    }

    private Instant deadline(MessageContext context) {
        return context.deadline().orElseGet(() -> deadline(MessageOptions.defaults(), null));
    }

    /**
     * The one place where exceptions become errors. All of them, errors of the JVM included: somebody waits for the answer,
     * and would otherwise learn of a class that is missing, or of a handler that answers null, by a time-out.
     */
    private Result<?> guarded(MessageDescriptor type, Supplier<@Nullable Result<?>> work) {
        try {
            return Objects.requireNonNull(work.get(), "the handler answered null instead of a Result");
        } catch (CatgaException known) {
            return Result.failure(known.error());
        } catch (Throwable defect) {
            LOG.error("[{}] {} ended in a defect", parts.instance(), type.label(), defect);
            return Result.failure(
                    ErrorCode.INTERNAL, type.label() + " failed on " + parts.instance() + "; its log has the cause");
        }
    }

    @Override
    public <R> Reply<R> exchange(Request<R> request, MessageOptions options) {
        return exchange(request, options, MessageContext.current().orElse(null));
    }

    private <R> Reply<R> exchange(Request<R> request, MessageOptions options, @Nullable MessageContext cause) {
        Route route = handled.get(request.getClass());
        if (route == null) {
            route = sent.get(request.getClass());
        }
        if (route == null) {
            return new Reply<>(noHandler(request), null, false);
        }
        return run(route, request, metadata(options, cause, deadline(options, cause)), 1);
    }

    private static <R> Result<R> noHandler(Message message) {
        return Result.failure(
                ErrorCode.NO_HANDLER,
                message.getClass().getSimpleName() + " has no handler and is in no catalogue of this application");
    }

    @SuppressWarnings(
            "unchecked") // the pipeline of a request ends at a handler of, or the decoder for, its result type
    private <R> Reply<R> run(Route route, Message message, MessageMetadata metadata, int attempt) {
        MessageContext context = new MessageContext(this, route.type(), message, metadata, route.remote(), attempt);
        Result<R> result =
                (Result<R>) guarded(route.type(), () -> route.pipeline().proceed(context));
        return new Reply<>(result, context.handledBy().orElse(null), context.isReplayed());
    }

    @Override
    public <R> CompletionStage<Result<R>> sendAsync(Request<R> request, MessageOptions options) {
        MessageContext cause = MessageContext.current().orElse(null);
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
        MessageContext cause = MessageContext.current().orElse(null);
        @Nullable Instant deadline = route.remote() ? deadline(options, cause) : null;
        return this.<Unit>run(route, event, metadata(options, cause, deadline), 1)
                .result();
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

    private MessageMetadata metadata(
            MessageOptions options, @Nullable MessageContext cause, @Nullable Instant deadline) {
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

    private Instant deadline(MessageOptions options, @Nullable MessageContext cause) {
        Duration wait = options.timeout() != null ? options.timeout() : parts.timeout();
        Instant own = parts.clock().instant().plus(wait);
        return Optional.ofNullable(cause)
                .flatMap(MessageContext::deadline)
                .filter(outer -> outer.isBefore(own))
                .orElse(own);
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
            return wire.encode(run(routeOf(request), request, 1));
        } catch (Throwable failure) {
            return reject(request, unhandled(request, failure));
        }
    }

    /** What the sender learns of a message that did not get as far as its pipeline, or whose answer has no form. */
    private CatgaError unhandled(WireMessage message, Throwable failure) {
        if (failure instanceof CatgaException known) {
            LOG.warn("[{}] {} failed: {}", parts.instance(), message.type(), known.getMessage());
            return known.error();
        }
        LOG.error("[{}] {} ended in a defect", parts.instance(), message.type(), failure);
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
            result = run(routeOf(event), event, attempt).result();
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

    private Reply<?> run(Route route, WireMessage message, int attempt) {
        return run(route, wire.decode(route.type(), message), wire.metadata(message), attempt);
    }

    private Route routeOf(WireMessage message) {
        return parts.catalog()
                .find(message.type())
                .map(type -> handled.get(type.type()))
                .orElseThrow(() -> new CatgaException(
                        ErrorCode.NO_HANDLER, parts.instance() + " has no handler for " + message.type()));
    }
}
