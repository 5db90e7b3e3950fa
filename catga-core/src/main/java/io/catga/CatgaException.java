package io.catga;

/**
 * Carries a {@link CatgaError} through code that cannot return a {@link Result}: a handler or a store may throw it, and
 * the sender receives a {@link Result.Failure} with exactly this error.
 */
public final class CatgaException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient CatgaError error;

    /** With an error that is known. */
    public CatgaException(CatgaError error) {
        super(error.code() + ": " + error.message());
        this.error = error;
    }

    /** With an error that is known, and what it came from. */
    public CatgaException(CatgaError error, Throwable cause) {
        super(error.code() + ": " + error.message(), cause);
        this.error = error;
    }

    /** With an error that has nothing more to say. */
    public CatgaException(ErrorCode code, String message) {
        this(CatgaError.of(code, message));
    }

    /** With an error that has nothing more to say, and what it came from. */
    public CatgaException(ErrorCode code, String message, Throwable cause) {
        this(CatgaError.of(code, message), cause);
    }

    /** What the sender learns. */
    public CatgaError error() {
        return error;
    }
}
