package io.catga.store;

import io.catga.transport.WireMessage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Everything that handling one message changes, applied together and at most once for its idempotency key: the record
 * of the key with the result, the writes, and the events for the outbox. Immutable; made by {@link #forKey}.
 *
 * @param scope        what the key is unique in, usually the type of the message
 * @param key          the idempotency key, or the message id
 * @param fingerprint  what the message asks; the same key with another fingerprint is refused
 * @param result       the result to record, and to return when the key is seen again
 * @param retention    how long the key is remembered
 * @param expectations what the state must still be
 * @param writes       the changes of the state, in order
 * @param events       the events to publish, in order
 */
public record AtomicStep(
        String scope,
        String key,
        String fingerprint,
        byte[] result,
        Duration retention,
        List<Expectation> expectations,
        List<Write> writes,
        List<WireMessage> events) {

    /**
     * A condition for the whole step.
     *
     * @param key   where to look
     * @param value the bytes that must be there; {@code null}: nothing must be there
     */
    public record Expectation(String key, byte @Nullable [] value) {}

    /** One change of the state. */
    public sealed interface Write {

        /**
         * Puts a value in the place of what was there.
         *
         * @param lifetime after which it may be forgotten; {@code null}: never
         */
        record Put(String key, byte[] value, @Nullable Duration lifetime) implements Write {
            /**
             * Refuses a lifetime that is not positive: what is forgotten at once would not need to be written.
             *
             * @throws IllegalArgumentException naming the lifetime
             */
            public Put {
                requirePositive("lifetime", lifetime);
            }
        }

        /**
         * Adds a member to an index, which keeps its members in their byte order.
         *
         * @param lifetime after which the whole index may be forgotten unless something is added again; {@code null}:
         *     never
         * @param most     how many members the index keeps, the greatest; 0: all
         */
        record AddToIndex(
                String index, String member, @Nullable Duration lifetime, int most) implements Write {
            /**
             * Refuses a lifetime that is not positive: what is forgotten at once would not need to be written.
             *
             * @throws IllegalArgumentException naming the lifetime, or a negative number of members
             */
            public AddToIndex {
                requirePositive("lifetime", lifetime);
                if (most < 0) {
                    throw new IllegalArgumentException("most must not be negative, but was " + most);
                }
            }
        }
    }

    /**
     * Keeps copies of the lists; {@link #forKey} is shorter.
     *
     * @throws IllegalArgumentException if the retention is not positive
     */
    public AtomicStep {
        Objects.requireNonNull(scope, "scope");
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(fingerprint, "fingerprint");
        Objects.requireNonNull(result, "result");
        requirePositive("retention", retention);
        expectations = List.copyOf(expectations);
        writes = List.copyOf(writes);
        events = List.copyOf(events);
    }

    private static void requirePositive(String name, @Nullable Duration time) {
        if (time != null && !time.isPositive()) {
            throw new IllegalArgumentException(name + " must be positive, but was " + time);
        }
    }

    /** A step that records nothing but its key and result yet. */
    public static AtomicStep forKey(String scope, String key, String fingerprint, byte[] result, Duration retention) {
        return new AtomicStep(scope, key, fingerprint, result, retention, List.of(), List.of(), List.of());
    }

    /** The same, if only these bytes are there; {@code null}: if nothing is. */
    public AtomicStep expecting(String where, byte @Nullable [] value) {
        return new AtomicStep(
                scope,
                key,
                fingerprint,
                result,
                retention,
                plus(expectations, new Expectation(where, value)),
                writes,
                events);
    }

    /** The same with a value that is put in the place of what was there. */
    public AtomicStep put(String where, byte[] value) {
        return with(new Write.Put(where, value, null));
    }

    /** The same with a value that may be forgotten after a time. */
    public AtomicStep put(String where, byte[] value, Duration lifetime) {
        return with(new Write.Put(where, value, lifetime));
    }

    /** The same with a member more in an index. */
    public AtomicStep addToIndex(String index, String member) {
        return with(new Write.AddToIndex(index, member, null, 0));
    }

    /** The same with a member more in an index that may be forgotten after a time. */
    public AtomicStep addToIndex(String index, String member, Duration lifetime) {
        return with(new Write.AddToIndex(index, member, lifetime, 0));
    }

    /** The same with a member more in an index that may be forgotten after a time, and keeps its greatest members only. */
    public AtomicStep addToIndex(String index, String member, Duration lifetime, int most) {
        return with(new Write.AddToIndex(index, member, lifetime, most));
    }

    /** The same with an event more for the outbox. */
    public AtomicStep publish(WireMessage event) {
        return new AtomicStep(scope, key, fingerprint, result, retention, expectations, writes, plus(events, event));
    }

    private AtomicStep with(Write write) {
        return new AtomicStep(scope, key, fingerprint, result, retention, expectations, plus(writes, write), events);
    }

    private static <T> List<T> plus(List<T> list, T more) {
        List<T> longer = new ArrayList<>(list);
        longer.add(more);
        return longer;
    }
}
