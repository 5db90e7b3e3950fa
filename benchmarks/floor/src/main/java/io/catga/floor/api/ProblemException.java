package io.catga.floor.api;

import java.util.List;

/** A request that fails in a way its sender is to be told of. */
final class ProblemException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final Code code;
    private final transient List<Violation> violations;

    ProblemException(Code code, String message) {
        this(code, message, List.of());
    }

    private ProblemException(Code code, String message, List<Violation> violations) {
        // an answer, not a defect: nobody reads where it comes from
        super(message, null, false, false);
        this.code = code;
        this.violations = violations;
    }

    static ProblemException invalid(List<Violation> violations) {
        return new ProblemException(Code.VALIDATION, "Every bad field is named below", violations);
    }

    Code code() {
        return code;
    }

    List<Violation> violations() {
        return violations;
    }
}
