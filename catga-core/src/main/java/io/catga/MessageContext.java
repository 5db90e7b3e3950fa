package io.catga;

import io.catga.pipeline.Target;
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

    private static final ScopedValue<MessageContext> CURRENT = ScopedValue.newInstance();

    private final DefaultMediator mediator;
    private final Target target;
    private final Message message;
    private final int attempt;
    private MessageMetadata metadata;
    private Map<Class<?>, Object> attachments = Map.of();
    private @Nullable String handledBy;
    private boolean replayed;

    MessageContext(DefaultMediator mediator, Target target, Message message, MessageMetadata metadata, int attempt) {
        this.mediator = mediator;
        this.target = target;
        this.message = message;
        this.metadata = metadata;
        this.attempt = attempt;
    }

    /** The message whose handler is running on this thread. */
    static Optional<MessageContext> current() {
        return CURRENT.isBound() ? Optional.of(CURRENT.get()) : Optional.empty();
    }

    /** Runs code as the handling of this message, so that what it sends is known to be caused by it. */
    <R> Result<R> handleWith(ScopedValue.CallableOp<Result<R>, RuntimeException> handler) {
        return ScopedValue.where(CURRENT, this).call(handler);
    }

    public MessageDescriptor descriptor() {
        return target.type();
    }

    public Message message() {
        return message;
    }

    public MessageMetadata metadata() {
        return metadata;
    }

    public String messageId() {
        return metadata.messageId();
    }

    /** The instant after which nobody waits for the answer any more; absent while an event is handled. */
    public Optional<Instant> deadline() {
        return Optional.ofNullable(metadata.deadline());
    }

    /** Whether this process only passes the message on, and the handler is behind a transport. */
    public boolean isRemote() {
        return target.remote();
    }

    /** How many times this message has been delivered to this consumer, 1 for the first time. */
    public int attempt() {
        return attempt;
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
        Map<String, String> headers = new HashMap<>(metadata.headers());
        headers.put(name, value);
        metadata = new MessageMetadata(
                metadata.messageId(),
                metadata.correlationId(),
                metadata.causationId(),
                metadata.idempotencyKey(),
                metadata.deadline(),
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

    public boolean isReplayed() {
        return replayed;
    }
}
