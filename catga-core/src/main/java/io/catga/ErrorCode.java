package io.catga;

/**
 * The closed set of ways in which a message can fail. The code alone decides about a new attempt, the HTTP status, the
 * dead letter and the metric tag; nothing in Catga looks at exception classes for that.
 */
public enum ErrorCode {
    /** The message breaks a constraint; {@link CatgaError#violations()} names every one. */
    VALIDATION(400, Retry.NEVER, DeadLetter.AT_ONCE, true),
    /** What the message is about does not exist. */
    NOT_FOUND(404, Retry.NEVER, DeadLetter.AT_ONCE, true),
    /** The message contradicts the current state. */
    CONFLICT(409, Retry.NEVER, DeadLetter.AT_ONCE, true),
    /** The idempotency key was used before with another content. */
    IDEMPOTENCY_MISMATCH(422, Retry.NEVER, DeadLetter.NEVER, true),
    /** More messages than the configured rate allows. */
    RATE_LIMITED(429, Retry.ALLOWED, DeadLetter.NEVER, false),
    /** More concurrent messages than the instance takes. */
    OVERLOADED(503, Retry.ALLOWED, DeadLetter.NEVER, false),
    /** No responder, no connection, or a store that is failing over. */
    UNAVAILABLE(503, Retry.ALLOWED, DeadLetter.AFTER_LAST_ATTEMPT, false),
    /** The deadline passed before an answer was there. */
    DEADLINE_EXCEEDED(504, Retry.NEVER, DeadLetter.NEVER, false),
    /** Nobody handles this type of message. */
    NO_HANDLER(501, Retry.NEVER, DeadLetter.AT_ONCE, false),
    /** The payload, or its version, cannot be read. */
    UNREADABLE(400, Retry.NEVER, DeadLetter.AT_ONCE, false),
    /** A defect: the handler threw something that it should not. */
    INTERNAL(500, Retry.NEVER, DeadLetter.AFTER_LAST_ATTEMPT, false);

    /** When an event that failed with a code is given up and kept as a dead letter. */
    public enum DeadLetter {
        /** The code does not occur for events, or passes by itself: the event is delivered again. */
        NEVER,
        /** Another attempt cannot end differently. */
        AT_ONCE,
        /** When the configured number of attempts is used up. */
        AFTER_LAST_ATTEMPT
    }

    private enum Retry {
        NEVER,
        ALLOWED
    }

    private final int httpStatus;
    private final Retry retry;
    private final DeadLetter deadLetter;
    private final boolean rejection;

    ErrorCode(int httpStatus, Retry retry, DeadLetter deadLetter, boolean rejection) {
        this.httpStatus = httpStatus;
        this.retry = retry;
        this.deadLetter = deadLetter;
        this.rejection = rejection;
    }

    /** The HTTP status that a failure with this code is answered with. */
    public int httpStatus() {
        return httpStatus;
    }

    /** Whether the same request may succeed when it is sent again. */
    public boolean isRetried() {
        return retry == Retry.ALLOWED;
    }

    /** When an event that failed with this code becomes a dead letter. */
    public DeadLetter deadLetter() {
        return deadLetter;
    }

    /**
     * Whether this is a business outcome (the message was understood and refused) rather than a failure of the system;
     * metrics count the two apart.
     */
    public boolean isRejection() {
        return rejection;
    }
}
