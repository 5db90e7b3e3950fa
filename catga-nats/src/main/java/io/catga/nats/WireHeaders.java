package io.catga.nats;

import io.catga.CatgaException;
import io.catga.ErrorCode;
import io.catga.transport.TransportHeaders;
import io.catga.transport.WireMessage;
import io.catga.transport.WireReply;
import io.nats.client.Message;
import io.nats.client.impl.Headers;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How messages and replies look on NATS. The names are a contract with other instances, other versions and stored
 * events: they are added to, and never changed. Beside the two below, every header of the message is a NATS header of
 * the same name, and NATS adds its own, which begin with {@code Nats-} and are not passed on.
 */
final class WireHeaders {

    static final String MESSAGE_ID = "Catga-Message-Id";
    static final String TYPE = "Catga-Message-Type";

    /** On an empty message to the sender of a request: its receiver is still at work. */
    private static final String PROGRESS = "Catga-Progress";

    /** JetStream deduplicates by this one. */
    static final String DEDUPLICATION_ID = "Nats-Msg-Id";

    private static final String NATS = "Nats-";
    private static final int NO_RESPONDERS = 503;
    private static final byte[] EMPTY = {};

    private WireHeaders() {}

    /**
     * @throws CatgaException with {@link ErrorCode#UNREADABLE} where a header cannot travel
     */
    static Headers of(WireMessage message) {
        Headers headers = of(message.headers());
        put(headers, MESSAGE_ID, message.messageId());
        put(headers, TYPE, message.type());
        return headers;
    }

    static Headers of(Map<String, String> values) {
        Headers headers = new Headers();
        values.forEach((name, value) -> put(headers, name, value));
        return headers;
    }

    static void put(Headers headers, String name, String value) {
        try {
            headers.put(name, value);
        } catch (IllegalArgumentException e) {
            throw new CatgaException(
                    ErrorCode.UNREADABLE,
                    "the header '%s' cannot travel: names and values are visible ASCII characters or spaces"
                            .formatted(name),
                    e);
        }
    }

    /**
     * @throws CatgaException with {@link ErrorCode#UNREADABLE} where it is not a message of Catga's
     */
    static WireMessage message(Message message) {
        return message(message, values(message.getHeaders()));
    }

    private static WireMessage message(Message message, Map<String, String> values) {
        Headers headers = message.getHeaders();
        String id = headers == null ? null : headers.getFirst(MESSAGE_ID);
        String type = headers == null ? null : headers.getFirst(TYPE);
        if (id == null || type == null) {
            throw new CatgaException(
                    ErrorCode.UNREADABLE,
                    "a message on %s lacks the header %s"
                            .formatted(message.getSubject(), id == null ? MESSAGE_ID : TYPE));
        }
        return new WireMessage(type, id, values, message.getData());
    }

    /**
     * A message from a stream, with the time at which the stream took it; one that is handed over again keeps its first.
     *
     * @throws CatgaException with {@link ErrorCode#UNREADABLE} where it is not a message of Catga's
     */
    static WireMessage event(Message message) {
        Map<String, String> headers = values(message.getHeaders());
        headers.putIfAbsent(
                TransportHeaders.PUBLISHED_AT,
                Long.toString(message.metaData().timestamp().toInstant().toEpochMilli()));
        return message(message, headers);
    }

    static WireReply reply(Message message) {
        return new WireReply(values(message.getHeaders()), message.getData());
    }

    static Map<String, String> values(@Nullable Headers headers) {
        Map<String, String> values = new HashMap<>();
        if (headers != null) {
            for (Map.Entry<String, List<String>> header : headers.entrySet()) {
                String name = header.getKey();
                if (!name.equals(MESSAGE_ID) && !name.equals(TYPE) && !name.startsWith(NATS)) {
                    values.put(name, header.getValue().getFirst());
                }
            }
        }
        return values;
    }

    static Headers progress() {
        return new Headers().put(PROGRESS, "working");
    }

    static byte[] empty() {
        return EMPTY;
    }

    static boolean isProgress(Message message) {
        return message.hasHeaders() && message.getHeaders().containsKey(PROGRESS);
    }

    static boolean isNoResponders(Message message) {
        return message.isStatusMessage() && message.getStatus().getCode() == NO_RESPONDERS;
    }

    /** Whether it is within what the server takes in one message. */
    static boolean fits(Headers headers, byte[] payload, long limit) {
        return (long) headers.serializedLength() + payload.length <= limit;
    }

    static CatgaException tooLarge(String what, byte[] payload, long limit) {
        return new CatgaException(
                ErrorCode.UNREADABLE,
                "%s has %d bytes, and NATS takes at most %d with its headers; see max_payload of the server"
                        .formatted(what, payload.length, limit));
    }
}
