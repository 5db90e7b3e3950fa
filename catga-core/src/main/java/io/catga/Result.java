package io.catga;

import java.util.Objects;
import java.util.function.Function;

/**
 * What came of a message: {@link Success} with the handler's answer, or {@link Failure} with one error of a closed set.
 * Both are immutable; nothing is thrown to tell of a failure.
 *
 * @param <R> what the handler answers with
 */
public sealed interface Result<R> {

    /** The handler's answer. */
    record Success<R>(R value) implements Result<R> {
        /** Refuses {@code null}: a handler without an answer returns {@link Result#done()}. */
        public Success {
            Objects.requireNonNull(value, "value: a handler without an answer returns Result.done()");
        }
    }

    /** Why there is no answer. */
    record Failure<R>(CatgaError error) implements Result<R> {
        /** Refuses {@code null}: a failure always says why. */
        public Failure {
            Objects.requireNonNull(error, "error");
        }
    }

    /** The answer. */
    static <R> Result<R> success(R value) {
        return new Success<>(value);
    }

    /** The answer of a command that has nothing to say beyond having been done. */
    static Result<Unit> done() {
        return Done.RESULT;
    }

    /** Why there is none. */
    static <R> Result<R> failure(CatgaError error) {
        return new Failure<>(error);
    }

    /** Why there is none, where that has nothing more to say. */
    static <R> Result<R> failure(ErrorCode code, String message) {
        return new Failure<>(CatgaError.of(code, message));
    }

    /** Whether there is an answer. */
    default boolean isSuccess() {
        return this instanceof Success<R>;
    }

    /** The same outcome with the answer translated; a failure stays as it is. */
    default <T> Result<T> map(Function<? super R, ? extends T> translation) {
        return switch (this) {
            case Success<R>(R value) -> success(translation.apply(value));
            case Failure<R>(CatgaError error) -> failure(error);
        };
    }

    /**
     * The answer itself.
     *
     * @throws CatgaException with the error, where there is none
     */
    default R orElseThrow() {
        return switch (this) {
            case Success<R>(R value) -> value;
            case Failure<R>(CatgaError error) -> throw new CatgaException(error);
        };
    }
}

final class Done {

    static final Result<Unit> RESULT = new Result.Success<>(Unit.UNIT);

    private Done() {}
}
