package io.catga.orders.api;

import io.catga.CatgaError;
import io.catga.CatgaError.Violation;
import io.catga.CatgaException;
import io.catga.MessageOptions;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.convert.DurationStyle;
import org.springframework.http.MediaType;
import org.springframework.util.MimeTypeUtils;

/** What the headers of a request say about the message that it becomes. */
final class RequestHeaders {

    /** As in draft-ietf-httpapi-idempotency-key-header: a quoted string; bare ones are taken too. */
    static final String KEY = "Idempotency-Key";
    /** How long the client waits, such as {@code 1500ms} or {@code 2s}; a bare number is milliseconds. */
    static final String TIMEOUT = "X-Request-Timeout";

    static final MediaType TEXT = new MediaType(MediaType.TEXT_PLAIN, StandardCharsets.UTF_8);

    private static final Duration SHORTEST = Duration.ofMillis(1);
    private static final Duration LONGEST = Duration.ofSeconds(30);

    private RequestHeaders() {}

    /**
     * @throws CatgaException with VALIDATION, naming each header that is wrong
     */
    static MessageOptions options(@Nullable String key, @Nullable String timeout) {
        List<Violation> violations = new ArrayList<>();
        MessageOptions options = withTimeout(withKey(MessageOptions.defaults(), key, violations), timeout, violations);
        if (!violations.isEmpty()) {
            throw new CatgaException(CatgaError.validation(violations));
        }
        return options;
    }

    /**
     * {@code text/plain} where the client would rather read than parse, and JSON otherwise; of two that it likes as much,
     * the one it names first. Spring has refused what accepts neither.
     */
    static MediaType textOrJson(List<MediaType> accepted) {
        List<MediaType> ranges = new ArrayList<>(accepted);
        MimeTypeUtils.sortBySpecificity(ranges);
        return ranges.stream()
                .flatMap(range -> Stream.of(MediaType.APPLICATION_JSON, TEXT).filter(range::includes))
                .findFirst()
                .orElse(MediaType.APPLICATION_JSON);
    }

    private static MessageOptions withKey(MessageOptions options, @Nullable String header, List<Violation> violations) {
        if (header == null) {
            return options;
        }
        boolean quoted = header.length() > 1 && header.startsWith("\"") && header.endsWith("\"");
        String key = quoted ? header.substring(1, header.length() - 1) : header;
        if (MessageOptions.isValidKey(key)) {
            return options.withIdempotencyKey(key);
        }
        violations.add(
                new Violation(KEY, "must be 1 to " + MessageOptions.MAX_KEY_LENGTH + " visible ASCII characters"));
        return options;
    }

    private static MessageOptions withTimeout(
            MessageOptions options, @Nullable String header, List<Violation> violations) {
        if (header == null) {
            return options;
        }
        try {
            Duration timeout = DurationStyle.SIMPLE.parse(header.strip(), ChronoUnit.MILLIS);
            if (timeout.compareTo(SHORTEST) >= 0 && timeout.compareTo(LONGEST) <= 0) {
                return options.withTimeout(timeout);
            }
        } catch (IllegalArgumentException e) {
            // named below, like one that is out of range
        }
        violations.add(new Violation(TIMEOUT, "must be a time of 1ms to " + LONGEST.toSeconds() + "s"));
        return options;
    }
}
