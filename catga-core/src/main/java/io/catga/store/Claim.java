package io.catga.store;

import io.catga.CatgaException;
import io.catga.ErrorCode;
import java.time.Duration;
import java.util.Arrays;

/**
 * The right to handle a message, held under a lease by whoever made it. Whatever is written under it is written only while
 * it is still held. Belongs to one handling; not thread-safe.
 */
final class Claim {

    private static final byte RUNNING = 'R';
    private static final byte DONE = 'D';
    private static final byte FREE = 'F';

    /** How long a claim that was given back is still seen as such; then it is gone. */
    private static final Duration GIVEN_BACK = Duration.ofSeconds(1);

    /** What stands in the store for a message: a state, the fingerprint of the message, and a token or a result. */
    record Entry(byte state, byte[] fingerprint, byte[] content) {

        static Entry of(byte[] stored) {
            int end = Fingerprint.LENGTH + 1;
            return new Entry(
                    stored[0], Arrays.copyOfRange(stored, 1, end), Arrays.copyOfRange(stored, end, stored.length));
        }

        byte[] bytes() {
            byte[] all = new byte[1 + fingerprint.length + content.length];
            all[0] = state;
            System.arraycopy(fingerprint, 0, all, 1, fingerprint.length);
            System.arraycopy(content, 0, all, 1 + fingerprint.length, content.length);
            return all;
        }

        boolean isFree() {
            return state == FREE;
        }

        boolean isDone() {
            return state == DONE;
        }
    }

    private enum State {
        HELD,
        COMPLETED,
        LOST
    }

    private final String where;
    private final byte[] fingerprint;
    private final byte[] running;
    private final Duration retention;
    private final int maxResult;
    private State state = State.HELD;

    /**
     * @param where     the key in the store
     * @param retention how long the result is remembered
     * @param maxResult the most bytes that it may have
     */
    Claim(String where, byte[] fingerprint, byte[] token, Duration retention, int maxResult) {
        this.where = where;
        this.fingerprint = fingerprint;
        this.running = new Entry(RUNNING, fingerprint, token).bytes();
        this.retention = retention;
        this.maxResult = maxResult;
    }

    /** The step, if it also takes the right that nobody has, or that was given back. */
    AtomicStep taking(AtomicStep step, byte @org.jspecify.annotations.Nullable [] found, Duration lease) {
        return step.expecting(where, found).put(where, running, lease);
    }

    /**
     * The step, if it is also the end of the handling.
     *
     * @throws CatgaException with {@link ErrorCode#INTERNAL} where the result is too large to be remembered
     */
    AtomicStep ending(AtomicStep step, byte[] result) {
        if (result.length > maxResult) {
            throw new CatgaException(
                    ErrorCode.INTERNAL,
                    "a result of %d bytes is too large to be recorded, the limit is %d; set catga.idempotency.max-result"
                            .formatted(result.length, maxResult));
        }
        return step.expecting(where, running).put(where, new Entry(DONE, fingerprint, result).bytes(), retention);
    }

    /** The step, if it also gives the right back. */
    AtomicStep givingBack(AtomicStep step) {
        return step.expecting(where, running).put(where, new Entry(FREE, fingerprint, new byte[0]).bytes(), GIVEN_BACK);
    }

    /** What a step that was taken under this claim has come to. */
    void learn(CommitOutcome outcome) {
        if (outcome instanceof CommitOutcome.Committed) {
            state = State.COMPLETED;
        } else if (outcome instanceof CommitOutcome.Conflict(String key) && key.equals(where)) {
            state = State.LOST;
        }
    }

    boolean isCompleted() {
        return state == State.COMPLETED;
    }

    /** Whether somebody else has taken over, after the lease. */
    boolean isLost() {
        return state == State.LOST;
    }
}
