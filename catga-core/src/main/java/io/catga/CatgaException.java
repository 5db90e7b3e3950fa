package io.catga;

/**
 * Carries a {@link CatgaError} through code that cannot return a {@link Result}: a handler or a store may throw it, and
 * the sender receives a {@link Result.Failure} with exactly this error.
 */
public final class CatgaException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient CatgaError error;

    public CatgaException(CatgaError error) {
        super(error.code() + ": " + error.message());
        this.error = error;
    }

    public CatgaException(CatgaError error, Throwable cause) {
        super(error.code() + ": " + error.message(), cause);
        this.error = error;
    }

    public CatgaException(ErrorCode code, String message) {
        this(CatgaError.of(code, message));
    }

    public CatgaException(ErrorCode code, String message, Throwable cause) {
        this(CatgaError.of(code, message), cause);
    }

    public CatgaError error() {
        return error;
    }
}
