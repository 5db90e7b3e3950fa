package io.catga.nats;

import io.catga.ErrorCode;
import io.catga.transport.DeadLetter;
import io.catga.transport.Delivery;
import io.catga.transport.WireMessage;
import io.nats.client.api.MessageInfo;
import io.nats.client.impl.Headers;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * How a dead letter looks on NATS: the event as it was, with all its headers, and headers of its own that say why, where,
 * when and after how many attempts it was given up. Its id is its place in the stream.
 */
final class DeadLetterFormat {

    private static final String OWN = "Catga-Dead-";

    private static final String CAUSE = OWN + "Cause";
    private static final String CODE = OWN + "Code";
    private static final String CONSUMER = OWN + "Consumer";
    private static final String INSTANCE = OWN + "Instance";
    private static final String ATTEMPTS = OWN + "Attempts";
    private static final String TIME = OWN + "Time";

    private static final int LONGEST_CAUSE = 500;
    private static final int LONGEST_NAME = 250;

    /**
     * What an event must leave free in a message, more than a dead letter adds to it: one that could not be kept as a
     * dead letter could never be given up.
     */
    static final int ROOM = 2048;

    private DeadLetterFormat() {}

    /**
     * @throws io.catga.CatgaException with {@link ErrorCode#UNREADABLE} where a header of the event cannot travel
     */
    static Headers write(
            WireMessage event, String consumer, String instance, Delivery.GivenUp givenUp, int attempts, Instant now) {
        Headers headers = WireHeaders.of(event);
        WireHeaders.put(headers, CAUSE, readable(givenUp.cause(), LONGEST_CAUSE));
        WireHeaders.put(headers, CODE, givenUp.error().code().name());
        WireHeaders.put(headers, CONSUMER, readable(consumer, LONGEST_NAME));
        WireHeaders.put(headers, INSTANCE, readable(instance, LONGEST_NAME));
        WireHeaders.put(headers, ATTEMPTS, Integer.toString(attempts));
        WireHeaders.put(headers, TIME, now.toString());
        return headers;
    }

    /** A header is one line of visible ASCII. */
    private static String readable(String text, int longest) {
        String line = text.replaceAll("[^ -~]", "?");
        return line.length() <= longest ? line : line.substring(0, longest);
    }

    /** Reads whatever is in the stream, so that one strange letter does not hide the others. */
    static DeadLetter read(MessageInfo stored) {
        Map<String, String> headers = WireHeaders.values(stored.getHeaders());
        Map<String, String> own = headers.entrySet().stream()
                .filter(header -> !header.getKey().startsWith(OWN))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
        String consumer = headers.getOrDefault(CONSUMER, "");
        byte @Nullable [] payload = stored.getData();
        return new DeadLetter(
                Long.toString(stored.getSeq()),
                consumer,
                headers.getOrDefault(INSTANCE, consumer),
                new WireMessage(
                        first(stored.getHeaders(), WireHeaders.TYPE).orElse("malformed"),
                        first(stored.getHeaders(), WireHeaders.MESSAGE_ID).orElse("unknown-" + stored.getSeq()),
                        own,
                        payload == null ? WireHeaders.empty() : payload),
                code(headers),
                headers.getOrDefault(CAUSE, ""),
                parsed(headers.get(ATTEMPTS), Integer::valueOf, 1),
                parsed(
                        headers.get(TIME),
                        Instant::parse,
                        Objects.requireNonNull(stored.getTime()).toInstant()));
    }

    private static Optional<String> first(@Nullable Headers headers, String name) {
        return Optional.ofNullable(headers).map(all -> all.getFirst(name));
    }

    /** A version before there was a header for the code wrote it in front of the cause. */
    private static ErrorCode code(Map<String, String> headers) {
        String cause = headers.getOrDefault(CAUSE, "");
        String name = headers.getOrDefault(CODE, cause.substring(0, Math.max(0, cause.indexOf(':'))));
        return parsed(name, ErrorCode::valueOf, ErrorCode.INTERNAL);
    }

    private static <T> T parsed(@Nullable String text, Function<String, T> parser, T otherwise) {
        try {
            return text == null ? otherwise : parser.apply(text);
        } catch (IllegalArgumentException | DateTimeException e) {
            return otherwise;
        }
    }
}
