package io.catga.floor.api;

import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What the {@code Idempotency-Key} of a request says: a quoted string, or a bare one. */
final class IdempotencyKey {

    static final String HEADER = "Idempotency-Key";

    private static final int MOST = 255;

    private IdempotencyKey() {}

    /**
     * A request without one gets its own, so that its attempts share it.
     *
     * @throws ProblemException where it is not 1 to 255 visible ASCII characters
     */
    static String of(@Nullable String header) {
        if (header == null) {
            return UUID.randomUUID().toString();
        }
        boolean quoted = header.length() > 1 && header.startsWith("\"") && header.endsWith("\"");
        String key = quoted ? header.substring(1, header.length() - 1) : header;
        if (key.isEmpty() || key.length() > MOST || !key.chars().allMatch(c -> c > ' ' && c < 127)) {
            throw ProblemException.invalid(
                    List.of(new Violation(HEADER, "must be 1 to " + MOST + " visible ASCII characters")));
        }
        return key;
    }
}
