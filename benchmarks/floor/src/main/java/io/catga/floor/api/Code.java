package io.catga.floor.api;

import org.springframework.http.HttpStatus;

/** The ways in which a request can fail. */
enum Code {
    VALIDATION(HttpStatus.BAD_REQUEST),
    UNREADABLE(HttpStatus.BAD_REQUEST),
    NOT_FOUND(HttpStatus.NOT_FOUND),
    IDEMPOTENCY_MISMATCH(HttpStatus.UNPROCESSABLE_CONTENT),
    UNAVAILABLE(HttpStatus.SERVICE_UNAVAILABLE),
    DEADLINE_EXCEEDED(HttpStatus.GATEWAY_TIMEOUT),
    INTERNAL(HttpStatus.INTERNAL_SERVER_ERROR);

    private final HttpStatus status;

    Code(HttpStatus status) {
        this.status = status;
    }

    HttpStatus status() {
        return status;
    }

    /** The one for a status that the order service has answered. */
    static Code of(int status) {
        return switch (status) {
            case 404 -> NOT_FOUND;
            case 422 -> IDEMPOTENCY_MISMATCH;
            case 503 -> UNAVAILABLE;
            default -> INTERNAL;
        };
    }
}
