package io.catga.transport;

import io.catga.CatgaException;
import io.catga.ErrorCode;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The events that consumers gave up: to be looked at, handed to their consumer again, or thrown away. Thread-safe, and
 * safe to be used by several processes at once.
 *
 * <p><b>Replaying</b> hands an event again to the consumer that gave it up, and to no other: those have handled it. The
 * attempts are counted from 1 again, and an event that is given up again is a dead letter again, under a new id. A letter
 * is removed only when its event is safely queued for the consumer. A process that dies in between leaves both, and the
 * event may be handed over twice; a consumer drops the second by the message id, as it does with any redelivery. A
 * consumer that is away gets it when it returns.
 *
 * <p><b>Order.</b> Letters of one consumer are queued in the order in which they were given up, oldest first, and handed
 * over in that order, one at a time, however many events the consumer handles at once otherwise. One that fails and is
 * delivered again later lets those behind it go first. Events that came after them, and
 * were handled meanwhile, are not handled again: a handler of a replayed event must expect a newer state.
 * <ul>
 *   <li>A consumer that cannot be handed anything (it is gone for good) is <em>skipped</em> with all its letters; they
 *       stay, and the others are replayed.
 *   <li>Where queueing is not confirmed, replaying <em>stops</em> at that letter; it and all after it stay.
 *   <li>What is given up during a replay is not part of it, so a replay ends, also where everything fails again.
 * </ul>
 *
 * <p>All methods throw {@link CatgaException} with {@link ErrorCode#UNAVAILABLE} where the letters cannot be reached
 * now, after a few seconds at most.
 */
public interface DeadLetters {

    /** The most letters of one page. */
    int MAX_PAGE = 1000;

    /**
     * Which letters; where a component is {@code null}, any. {@link #all()} is every letter.
     *
     * @param type     the name of the event's type
     * @param consumer who gave it up
     * @param code     what the last attempt ended in
     * @param since    given up then or later
     * @param before   given up before this
     */
    record Filter(
            @Nullable String type,
            @Nullable String consumer,
            @Nullable ErrorCode code,
            @Nullable Instant since,
            @Nullable Instant before) {

        private static final Filter ALL = new Filter(null, null, null, null, null);

        /** Every letter. */
        public static Filter all() {
            return ALL;
        }

        /** Those of one type of event only. */
        public Filter ofType(String name) {
            return new Filter(name, consumer, code, since, before);
        }

        /** Those of one consumer only. */
        public Filter ofConsumer(String name) {
            return new Filter(type, name, code, since, before);
        }

        /** Those only whose last attempt ended so. */
        public Filter withCode(ErrorCode ending) {
            return new Filter(type, consumer, ending, since, before);
        }

        /** Those only that were given up then or later; the older ones cost nothing. */
        public Filter since(Instant time) {
            return new Filter(type, consumer, code, time, before);
        }

        /** Those only that were given up before. */
        public Filter before(Instant time) {
            return new Filter(type, consumer, code, since, time);
        }

        /** Whether a letter is one of them. */
        public boolean matches(DeadLetter letter) {
            return (type == null || type.equals(letter.event().type()))
                    && (consumer == null || consumer.equals(letter.consumer()))
                    && (code == null || code == letter.code())
                    && (since == null || !letter.time().isBefore(since))
                    && (before == null || letter.time().isBefore(before));
        }
    }

    /**
     * Some letters, oldest first.
     *
     * @param next where the next page begins; {@code null} where there is none. A page may be short, or empty, and not be
     *     the last: its length and the work for it are bounded
     */
    record Page(List<DeadLetter> letters, @Nullable String next) {

        /** Keeps a copy of the letters. */
        public Page {
            letters = List.copyOf(letters);
        }
    }

    /**
     * What became of a replay.
     *
     * @param letters how many were queued for their consumers and removed
     * @param skipped the consumers that cannot be handed anything, and why; their letters stay
     */
    record Replayed(long letters, Map<String, String> skipped) {

        /** Keeps a copy of what was skipped. */
        public Replayed {
            skipped = Map.copyOf(skipped);
        }
    }

    /**
     * How many there are.
     *
     * @param oldest when the oldest was kept; {@code null} where there is none
     */
    record Stats(long count, @Nullable Instant oldest) {}

    /**
     * Reads letters, oldest first; nothing is taken away by it.
     *
     * @param after the {@link Page#next} of the page before; {@code null} for the first
     * @param limit how many at most, from 1 to {@value #MAX_PAGE}
     * @throws CatgaException with {@link ErrorCode#VALIDATION} where {@code after} or {@code limit} is none
     */
    Page list(Filter filter, @Nullable String after, int limit);

    /** The letter with this id; empty where there is none (any more). */
    Optional<DeadLetter> find(String id);

    /**
     * Replays one letter.
     *
     * @return false where there is none (any more)
     * @throws CatgaException with {@link ErrorCode#CONFLICT} where its consumer cannot be handed anything
     */
    boolean replay(String id);

    /**
     * Replays the letters that there are now, as the order says.
     *
     * @throws CatgaException with {@link ErrorCode#UNAVAILABLE} where it stopped; the message says after how many
     */
    Replayed replay(Filter filter);

    /**
     * Throws one letter away for good.
     *
     * @return false where there is none (any more)
     */
    boolean purge(String id);

    /**
     * Throws away for good the letters that there are now.
     *
     * @return how many
     */
    long purge(Filter filter);

    /** How many there are, and since when. */
    Stats stats();
}
