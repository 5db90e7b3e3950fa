package io.catga;

import io.catga.transport.TraceContext;
import io.catga.transport.WireMessage;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One message on its way through the pipeline: the message, what is known about it, and what its handling has to tell
 * beside the result. Belongs to one dispatch; not thread-safe, and not to be kept after the handler has returned.
 */
public final class MessageContext {

    /** Not a scoped value: binding one allocates 56 bytes, where a whole dispatch takes 80. */
    private static final ThreadLocal<@Nullable MessageContext> CURRENT = new ThreadLocal<>();

    private final DefaultMediator mediator;
    private final DefaultMediator.Route route;
    private final Message message;
    private final Passage passage;
    private final @Nullable MessageOptions options;
    private final @Nullable MessageContext cause;
    private final boolean bounded;
    // Of a message from this process both are made when somebody asks: the time and an id alone cost more than
    // everything else here. The stage of the deadline asks at once.
    private @Nullable Instant deadline;
    private @Nullable MessageMetadata metadata;

    private Map<Class<?>, Object> attachments = Map.of();
    private @Nullable String handledBy;
    private boolean replayed;

    /** Of a message from this process. */
    MessageContext(
            DefaultMediator mediator,
            DefaultMediator.Route route,
            Message message,
            MessageOptions options,
            @Nullable MessageContext cause,
            boolean bounded) {
        this.mediator = mediator;
        this.route = route;
        this.message = message;
        this.options = options;
        this.cause = cause;
        this.bounded = bounded;
        this.passage = Passage.NONE;
    }

    /** Of a message from a transport. */
    MessageContext(
            DefaultMediator mediator,
            DefaultMediator.Route route,
            Message message,
            MessageMetadata metadata,
            Passage passage) {
        this.mediator = mediator;
        this.route = route;
        this.message = message;
        this.options = null;
        this.cause = null;
        this.metadata = metadata;
        this.deadline = metadata.deadline();
        this.bounded = deadline != null;
        this.passage = passage;
    }

    /** The message whose handler is running on this thread. */
    static @Nullable MessageContext current() {
        return CURRENT.get();
    }

    /**
     * Begins the handling of this message on this thread, so that what is sent from now on is known to be caused by it.
     *
     * @return what to {@link #leave} with
     */
    @Nullable
    MessageContext enter() {
        MessageContext outer = CURRENT.get();
        CURRENT.set(this);
        return outer;
    }

    static void leave(@Nullable MessageContext outer) {
        CURRENT.set(outer);
    }

    Pipeline pipeline() {
        return route.pipeline();
    }

    /** What is known about the type of the message. */
    public MessageDescriptor descriptor() {
        return route.type();
    }

    /** The message itself. */
    public Message message() {
        return message;
    }

    /** What travels beside the message; made when first asked for, where the message comes from this process. */
    public MessageMetadata metadata() {
        MessageMetadata known = metadata;
        if (known == null) {
            known = mediator.metadata(options(), cause, deadline().orElse(null));
            metadata = known;
        }
        return known;
    }

    private MessageOptions options() {
        return options == null ? MessageOptions.defaults() : options;
    }

    /** As {@link MessageMetadata#messageId()}. */
    public String messageId() {
        return metadata().messageId();
    }

    /** The instant after which nobody waits for the answer any more; absent while an event is handled. */
    public Optional<Instant> deadline() {
        if (bounded && deadline == null) {
            deadline = mediator.deadline(options(), cause);
        }
        return Optional.ofNullable(deadline);
    }

    /** Whether this process only passes the message on, and the handler is behind a transport. */
    public boolean isRemote() {
        return route.target().remote();
    }

    /** Whether a transport has brought this message, rather than somebody in this process. */
    public boolean isReceived() {
        return options == null;
    }

    /**
     * How many times this message has been delivered, 1 for the first time: an event to this consumer, a request by its
     * sender to any receiver. Senders that do not know of each other, such as two that were given the same idempotency key,
     * count for themselves.
     */
    public int attempt() {
        return passage.attempt();
    }

    /** The instance that sent this message; absent where it is from this process, or from a sender of an older version. */
    public Optional<String> sentBy() {
        return Optional.ofNullable(passage.sentBy());
    }

    /**
     * When that instance sent it, by its own clock; of an event: when it was caused. Absent where {@link #sentBy()} is.
     */
    public Optional<Instant> sentAt() {
        return Optional.ofNullable(passage.sentAt());
    }

    /** When the bus took this event, by the bus's clock; absent for requests, and where the transport does not say. */
    public Optional<Instant> publishedAt() {
        return Optional.ofNullable(passage.publishedAt());
    }

    /** The trace (W3C Trace Context) that this message came with; absent where it came with none, or is from this process. */
    public Optional<String> traceId() {
        return TraceContext.traceId(metadata().headers());
    }

    /** What {@link #with} has put here for a behaviour further in, or for the handler. */
    public <T> Optional<T> find(Class<T> type) {
        return Optional.ofNullable(type.cast(attachments.get(type)));
    }

    /** Does something during which an object can be found by its type. */
    public <T, R> R with(Class<T> type, T object, Supplier<R> work) {
        if (attachments.isEmpty()) {
            attachments = new HashMap<>();
        }
        Object outer = attachments.put(type, object);
        try {
            return work.get();
        } finally {
            if (outer == null) {
                attachments.remove(type);
            } else {
                attachments.put(type, outer);
            }
        }
    }

    /** Adds a header that travels with the message. */
    public void putHeader(String name, String value) {
        MessageMetadata known = metadata();
        Map<String, String> headers = new HashMap<>(known.headers());
        headers.put(name, value);
        metadata = new MessageMetadata(
                known.messageId(),
                known.correlationId(),
                known.causationId(),
                known.idempotencyKey(),
                known.deadline(),
                headers);
    }

    /**
     * An event that this message causes, in the form in which it waits in an outbox: with an id of its own, and in the
     * same trace and correlation.
     *
     * @throws CatgaException with {@link ErrorCode#NO_HANDLER} where the event is in no catalogue
     */
    public WireMessage prepare(Event event) {
        return mediator.prepare(event, this);
    }

    /** The instance whose handler answered; absent while, or where, none has. */
    public Optional<String> handledBy() {
        return Optional.ofNullable(handledBy);
    }

    void answeredBy(String instance) {
        handledBy = instance;
    }

    /**
     * Says that this message was handled before, and that the result is the one recorded then (for an event: that this
     * is a redelivery and there was nothing left to do).
     */
    public void markReplayed() {
        replayed = true;
    }

    void markReplayed(boolean whether) {
        replayed = whether;
    }

    /** Whether {@link #markReplayed()} was said. */
    public boolean isReplayed() {
        return replayed;
    }
}
