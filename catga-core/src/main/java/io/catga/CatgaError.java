package io.catga;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Why a message failed, in a form that crosses the wire unchanged.
 *
 * @param code       what kind of failure it is; decides everything that follows from it
 * @param message    what happened, for a person to read; never a stack trace
 * @param violations every constraint that the message breaks, for {@link ErrorCode#VALIDATION}; else empty
 * @param retryAfter how long a sender should wait before it tries again, where that is known
 */
public record CatgaError(
        ErrorCode code,
        String message,
        List<Violation> violations,
        @Nullable Duration retryAfter) {

    /**
     * One broken constraint.
     *
     * @param field   the path of the offending part, such as {@code items[0].quantity}
     * @param problem what is wrong with it, such as {@code must be greater than 0}
     */
    public record Violation(String field, String problem) {}

    /** Keeps a copy of the violations; {@link #of} and {@link #validation} are shorter. */
    public CatgaError {
        Objects.requireNonNull(code, "code");
        Objects.requireNonNull(message, "message");
        violations = violations == null ? List.of() : List.copyOf(violations);
    }

    /** An error that has nothing more to say. */
    public static CatgaError of(ErrorCode code, String message) {
        return new CatgaError(code, message, List.of(), null);
    }

    /** {@link ErrorCode#VALIDATION} with every broken constraint. */
    public static CatgaError validation(List<Violation> violations) {
        return new CatgaError(
                ErrorCode.VALIDATION,
                violations.size() == 1 ? "1 field is invalid" : violations.size() + " fields are invalid",
                violations,
                null);
    }

    /** The same error with the time that a sender should wait. */
    public CatgaError retryAfter(Duration wait) {
        return new CatgaError(code, message, violations, wait);
    }
}
