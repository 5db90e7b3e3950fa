package io.catga.test;

import io.catga.Event;
import io.catga.test.Recorded.DeadLetter;
import io.catga.test.Recorded.Published;
import io.catga.test.Recorded.Received;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What comes of a stimulus, read as a sentence: {@code stimulate(…).andWaitForEventOfType(X.class).toArrive()}. The
 * stimulus is over when there is a scenario; what was recorded since it began counts. Immutable.
 *
 * @param <T> what the stimulus returned
 */
public final class Scenario<T extends @Nullable Object> {

    private final MediatorHarness harness;
    private final int mark;
    private final T outcome;

    Scenario(MediatorHarness harness, int mark, T outcome) {
        this.harness = harness;
        this.mark = mark;
        this.outcome = outcome;
    }

    /** What the stimulus returned. */
    public T outcome() {
        return outcome;
    }

    /** An event of this type, or a subtype, is to be taken by the bus. */
    public <E extends Event> ExpectedEvent<E> andWaitForEventOfType(Class<E> type) {
        return expected(
                type,
                "to be published",
                recorded -> recorded instanceof Published<?> published ? published.event() : null);
    }

    /** A member is to give up an event of this type, or a subtype. */
    public <E extends Event> ExpectedEvent<E> andWaitForDeadLetterOfType(Class<E> type) {
        return expected(
                type,
                "to become a dead letter",
                recorded -> recorded instanceof DeadLetter letter ? letter.event() : null);
    }

    private <E extends Event> ExpectedEvent<E> expected(
            Class<E> type, String end, Function<Recorded, @Nullable Event> place) {
        return new ExpectedEvent<>(type, end, "", place, _ -> true, harness.timeLimit());
    }

    /**
     * The event that a scenario waits for. Immutable: each method that says more about it returns another.
     *
     * @param <E> the type of event
     */
    public final class ExpectedEvent<E extends Event> {

        private final Class<E> type;
        private final String end;
        private final String conditions;
        private final Function<Recorded, @Nullable Event> place;
        private final Predicate<? super E> condition;
        private final Duration limit;

        private ExpectedEvent(
                Class<E> type,
                String end,
                String conditions,
                Function<Recorded, @Nullable Event> place,
                Predicate<? super E> condition,
                Duration limit) {
            this.type = type;
            this.end = end;
            this.conditions = conditions;
            this.place = place;
            this.condition = condition;
            this.limit = limit;
        }

        /** Only an event that meets this condition, and those given before. */
        public ExpectedEvent<E> matching(Predicate<? super E> more) {
            return matching("the given condition", more);
        }

        /**
         * As {@link #matching(Predicate)}.
         *
         * @param description the condition in words, for the failure message, such as {@code an order of customer 7}
         */
        public ExpectedEvent<E> matching(String description, Predicate<? super E> more) {
            String all = conditions + (conditions.isEmpty() ? " matching " : " and ") + description;
            return new ExpectedEvent<>(
                    type, end, all, place, event -> condition.test(event) && more.test(event), limit);
        }

        /**
         * The event is not only to happen: the handlers of this member are to have handled it.
         *
         * @throws IllegalArgumentException where there is no such member
         */
        public ExpectedEvent<E> handledBy(String member) {
            harness.mediator(member);
            return new ExpectedEvent<>(
                    type,
                    "to be handled by " + member,
                    conditions,
                    recorded -> recorded instanceof Received<?> received
                                    && received.isHandled()
                                    && received.consumer().equals(member)
                            ? received.event()
                            : null,
                    condition,
                    limit);
        }

        /** How long to wait, in real time, in place of the time limit of the harness. */
        public ExpectedEvent<E> within(Duration time) {
            if (!time.isPositive()) {
                throw new IllegalArgumentException("the time to wait must be positive, but was " + time);
            }
            return new ExpectedEvent<>(type, end, conditions, place, condition, time);
        }

        /**
         * Waits for the event.
         *
         * @return the first such event
         * @throws AssertionError with what was waited for and what happened instead
         */
        public E toArrive() {
            if (!Recorder.becomesTrue(limit, () -> first().isPresent())) {
                throw new AssertionError(failure());
            }
            return first().orElseThrow();
        }

        /** As {@link #toArrive}, and hands the event to the assertions. */
        public void toArriveAndVerify(Consumer<? super E> assertions) {
            assertions.accept(toArrive());
        }

        /** As {@link #toArriveAndVerify(Consumer)}, with what the stimulus returned. */
        public void toArriveAndVerify(BiConsumer<? super E, ? super T> assertions) {
            assertions.accept(toArrive(), outcome);
        }

        private Optional<E> first() {
            return harness.recordedSince(mark).stream()
                    .map(place)
                    .filter(type::isInstance)
                    .map(type::cast)
                    .filter(condition)
                    .findFirst();
        }

        private String failure() {
            List<Recorded> instead = harness.recordedSince(mark);
            List<String> unfinished = harness.unfinished();
            return "Expected %s%s %s within %s, but it was not.%nThe stimulus returned %s.%n%s%s%s"
                    .formatted(
                            type.getSimpleName(),
                            conditions,
                            end,
                            limit,
                            outcome,
                            instead.isEmpty()
                                    ? "Nothing was recorded since."
                                    : "Recorded since:" + NumberedList.of(instead),
                            unfinished.isEmpty() ? "" : "%nUnfinished:".formatted() + NumberedList.of(unfinished),
                            harness.network().report());
        }
    }
}
