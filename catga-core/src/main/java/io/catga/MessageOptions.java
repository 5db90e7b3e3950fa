package io.catga;

import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a sender may say about one message. Immutable; start from {@link #defaults()}.
 *
 * @param idempotencyKey see {@link MessageMetadata#idempotencyKey()}; at most {@value #MAX_KEY_LENGTH} visible ASCII
 *                       characters, since it travels as a header and stands in log lines
 * @param timeout        how long the sender waits; the deadline is never later than that of the message being handled
 * @param headers        headers to travel with the message
 */
public record MessageOptions(
        @Nullable String idempotencyKey, @Nullable Duration timeout, Map<String, String> headers) {

    /** The longest idempotency key, in characters. */
    public static final int MAX_KEY_LENGTH = 255;

    private static final MessageOptions DEFAULTS = new MessageOptions(null, null, Map.of());

    /**
     * Takes every value as it is given; {@link #defaults()} and the methods that begin with {@code with} are shorter.
     *
     * @throws IllegalArgumentException if the key is empty, too long or not visible ASCII, or the timeout is not
     *     positive
     */
    public MessageOptions {
        if (idempotencyKey != null && !isValidKey(idempotencyKey)) {
            throw new IllegalArgumentException("idempotencyKey must be 1 to " + MAX_KEY_LENGTH
                    + " visible ASCII characters, but has " + idempotencyKey.length() + " characters");
        }
        if (timeout != null && (timeout.isNegative() || timeout.isZero())) {
            throw new IllegalArgumentException("timeout must be positive, but was " + timeout);
        }
        headers = Map.copyOf(headers);
    }

    /** No key, the configured time-out, no headers. */
    public static MessageOptions defaults() {
        return DEFAULTS;
    }

    /** Whether a text can be used as an idempotency key. */
    public static boolean isValidKey(String key) {
        return !key.isEmpty() && key.length() <= MAX_KEY_LENGTH && key.chars().allMatch(c -> c > ' ' && c < 127);
    }

    /** The same with a key of the sender, which becomes the message id. */
    public MessageOptions withIdempotencyKey(String key) {
        return new MessageOptions(key, timeout, headers);
    }

    /** The same with a time that the sender waits. */
    public MessageOptions withTimeout(Duration wait) {
        return new MessageOptions(idempotencyKey, wait, headers);
    }

    /** The same with a header more, or in place of the one of that name. */
    public MessageOptions withHeader(String name, String value) {
        Map<String, String> more = Stream.concat(headers.entrySet().stream(), Stream.of(Map.entry(name, value)))
                .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue, (old, latest) -> latest));
        return new MessageOptions(idempotencyKey, timeout, more);
    }
}
