package io.catga.bench;

/** A run cannot go on; the message says why, and what to do. */
final class Failed extends RuntimeException {

    private static final long serialVersionUID = 1L;

    Failed(String message) {
        super(message);
    }

    Failed(String message, Throwable cause) {
        super(message, cause);
    }
}
