package io.catga;

import io.catga.codec.MessageCodec;
import io.catga.transport.TransportHeaders;
import io.catga.transport.WireMessage;
import io.catga.transport.WireReply;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How messages, their metadata and their answers look to a transport: the only place that knows, so that every
 * transport carries the same. A failure is an ordinary answer with its {@link CatgaError} as the payload.
 */
final class WireFormat {

    private static final String VERSION = "Catga-Version";
    private static final String CORRELATION_ID = "Catga-Correlation-Id";
    private static final String IDEMPOTENCY_KEY = "Catga-Idempotency-Key";
    /** Milliseconds since the epoch. */
    private static final String DEADLINE = "Catga-Deadline";
    /** The instance that sent the message. */
    private static final String SENT_BY = "Catga-Sent-By";
    /** When it did, in milliseconds since the epoch. */
    private static final String SENT_AT = "Catga-Sent-At";

    /** What {@link Passage} is made of. */
    private static final List<String> PASSAGE =
            List.of(SENT_BY, SENT_AT, TransportHeaders.PUBLISHED_AT, TransportHeaders.ATTEMPT);

    private static final String OUTCOME = "Catga-Outcome";
    private static final String SUCCESS = "success";
    private static final String FAILURE = "failure";
    private static final String HANDLED_BY = "Catga-Handled-By";
    private static final String REPLAYED = "Catga-Replayed";

    private final MessageCodec codec;
    private final Upcasters upcasters;
    private final Clock clock;
    private final String sender;

    WireFormat(MessageCodec codec, Upcasters upcasters, String instance, Clock clock) {
        this.codec = codec;
        this.upcasters = upcasters;
        this.clock = clock;
        this.sender = instance.replaceAll("[^ -~]", "?");
    }

    WireMessage encode(MessageDescriptor type, Message message, MessageMetadata metadata) {
        Map<String, String> headers = new HashMap<>(metadata.headers());
        headers.put(VERSION, Integer.toString(type.version()));
        headers.put(CORRELATION_ID, metadata.correlationId());
        headers.put(SENT_BY, sender);
        headers.put(SENT_AT, Long.toString(clock.millis()));
        putIfPresent(headers, TransportHeaders.CAUSATION_ID, metadata.causationId());
        putIfPresent(headers, IDEMPOTENCY_KEY, metadata.idempotencyKey());
        Instant deadline = metadata.deadline();
        putIfPresent(headers, DEADLINE, deadline == null ? null : Long.toString(deadline.toEpochMilli()));
        return new WireMessage(type.name(), metadata.messageId(), headers, codec.encode(message));
    }

    private static void putIfPresent(Map<String, String> headers, String name, @Nullable String value) {
        if (value != null) {
            headers.put(name, value);
        }
    }

    /**
     * @throws CatgaException with {@link ErrorCode#UNREADABLE} where a header is broken
     */
    MessageMetadata metadata(WireMessage wire) {
        Map<String, String> headers = new HashMap<>(wire.headers());
        headers.remove(VERSION);
        String correlationId = headers.remove(CORRELATION_ID);
        String causationId = headers.remove(TransportHeaders.CAUSATION_ID);
        String idempotencyKey = headers.remove(IDEMPOTENCY_KEY);
        String deadline = headers.remove(DEADLINE);
        PASSAGE.forEach(headers::remove);
        return new MessageMetadata(
                wire.messageId(),
                correlationId == null ? wire.messageId() : correlationId,
                causationId,
                idempotencyKey,
                deadline == null ? null : Instant.ofEpochMilli(number(DEADLINE, deadline)),
                headers);
    }

    Passage passage(WireMessage wire) {
        Map<String, String> headers = wire.headers();
        return new Passage(
                headers.get(SENT_BY),
                time(headers.get(SENT_AT)),
                time(headers.get(TransportHeaders.PUBLISHED_AT)),
                attempt(headers.get(TransportHeaders.ATTEMPT)));
    }

    private static @Nullable Instant time(@Nullable String millis) {
        try {
            return millis == null ? null : Instant.ofEpochMilli(Long.parseLong(millis));
        } catch (NumberFormatException e) {
            return null;
        }
    }

    private static int attempt(@Nullable String number) {
        try {
            return number == null ? 1 : Math.max(1, Integer.parseInt(number));
        } catch (NumberFormatException e) {
            return 1;
        }
    }

    /**
     * @throws CatgaException with {@link ErrorCode#UNREADABLE} where the payload or its version cannot be read
     */
    Message decode(MessageDescriptor type, WireMessage wire) {
        long version = number(VERSION, wire.headers().getOrDefault(VERSION, "1"));
        return codec.<Message>decode(upcasters.upcast(type, version, wire.payload()), type.type());
    }

    private static long number(String header, String value) {
        try {
            return Long.parseLong(value);
        } catch (NumberFormatException e) {
            throw new CatgaException(ErrorCode.UNREADABLE, "the header " + header + " is not a number: " + value, e);
        }
    }

    WireReply encode(Reply<?> reply) {
        Map<String, String> headers = new HashMap<>();
        putIfPresent(headers, HANDLED_BY, reply.handledBy());
        if (reply.replayed()) {
            headers.put(REPLAYED, "true");
        }
        return switch (reply.result()) {
            case Result.Success<?>(Object value) -> {
                headers.put(OUTCOME, SUCCESS);
                yield new WireReply(headers, codec.encode(value));
            }
            case Result.Failure<?>(CatgaError error) -> {
                headers.put(OUTCOME, FAILURE);
                yield new WireReply(headers, codec.encode(error));
            }
        };
    }

    /**
     * @throws CatgaException with {@link ErrorCode#UNREADABLE} where the reply is not one of Catga's
     */
    Reply<?> decode(MessageDescriptor type, WireReply wire) {
        String outcome = wire.headers().getOrDefault(OUTCOME, "none");
        Result<?> result = switch (outcome) {
            case SUCCESS -> Result.success(codec.<Object>decode(wire.payload(), type.resultType()));
            case FAILURE -> Result.failure(codec.<CatgaError>decode(wire.payload(), CatgaError.class));
            default ->
                throw new CatgaException(
                        ErrorCode.UNREADABLE, "the reply to " + type.label() + " has the outcome " + outcome);
        };
        return new Reply<>(
                result, wire.headers().get(HANDLED_BY), wire.headers().containsKey(REPLAYED));
    }
}
