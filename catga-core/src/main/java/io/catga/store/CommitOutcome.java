package io.catga.store;

/** What came of an {@link AtomicStep}. */
public sealed interface CommitOutcome {

    /** The step was applied, now. */
    record Committed() implements CommitOutcome {}

    /**
     * The key was known with the same fingerprint: nothing was changed.
     *
     * @param result the result recorded then
     */
    record Replayed(byte[] result) implements CommitOutcome {}

    /** The key was known with another fingerprint: nothing was changed. */
    record Mismatch() implements CommitOutcome {}

    /**
     * The state was not as expected: nothing was changed.
     *
     * @param key the first key at which it was not
     */
    record Conflict(String key) implements CommitOutcome {}
}
