package io.catga.test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Supplier;

/**
 * What is to happen to one message at one crossing. A pure function of the seed, of which message it is and of how many
 * times it was there before: no thread, clock or other message has a part in it.
 *
 * @param delay zero where it is not delayed
 * @param hold  zero where it is not held back
 */
record FaultPlan(boolean lost, boolean answerLost, boolean repeated, Duration delay, Duration hold) {

    /**
     * Rolls all dice in the same order whatever the rates are, so that changing one rate leaves the other faults where
     * they were.
     *
     * @param occasion the message, the crossing, and how many times it was there
     * @param struck   faults that happen in any case
     */
    static FaultPlan of(long seed, String occasion, FaultRates rates, boolean reorders, Set<Fault> struck) {
        SplittableRandom dice = new SplittableRandom(MessageIdentity.hash(seed + " " + occasion));
        boolean lost = dice.nextDouble() < rates.lost() || struck.contains(Fault.LOST);
        boolean answerLost = dice.nextDouble() < rates.answerLost() || struck.contains(Fault.ANSWER_LOST);
        boolean repeated = dice.nextDouble() < rates.repeated() || struck.contains(Fault.REPEATED);
        boolean delayed = dice.nextDouble() < rates.delayed() || struck.contains(Fault.DELAYED);
        Duration delay =
                Duration.ofNanos(1 + (long) (dice.nextDouble() * rates.delay().toNanos()));
        boolean reordered = reorders && (dice.nextDouble() < rates.reordered() || struck.contains(Fault.REORDERED));
        if (lost) {
            return new FaultPlan(true, false, false, Duration.ZERO, Duration.ZERO);
        }
        return new FaultPlan(
                false, answerLost, repeated, delayed ? delay : Duration.ZERO, reordered ? rates.hold() : Duration.ZERO);
    }

    /** Whether the message goes through as if there were no plan. */
    boolean isHarmless() {
        return faults().isEmpty();
    }

    List<Fault> faults() {
        List<Fault> faults = new ArrayList<>();
        addIf(lost, Fault.LOST, faults);
        addIf(!hold.isZero(), Fault.REORDERED, faults);
        addIf(!delay.isZero(), Fault.DELAYED, faults);
        addIf(repeated, Fault.REPEATED, faults);
        addIf(answerLost, Fault.ANSWER_LOST, faults);
        return faults;
    }

    private static void addIf(boolean planned, Fault fault, List<Fault> faults) {
        if (planned) {
            faults.add(fault);
        }
    }

    /** How long a fault of this plan takes; zero for those that take no time. */
    Duration time(Fault fault) {
        return switch (fault) {
            case DELAYED -> delay;
            case REORDERED -> hold;
            case LOST, ANSWER_LOST, REPEATED, CUT_OFF -> Duration.ZERO;
        };
    }

    /**
     * Takes the message over the crossing.
     *
     * @param others whom to wait for where it is held back
     * @param across hands the message over and brings the answer
     * @param silence what there is in place of an answer
     */
    <T> T carry(Overtaking others, Supplier<? extends T> across, Supplier<? extends T> silence) {
        if (lost) {
            return silence.get();
        }
        try {
            if (!hold.isZero()) {
                others.awaitPass(hold);
            }
            Overtaking.pause(delay);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return silence.get();
        }
        try {
            T answer = repeated ? twice(across) : across.get();
            return answerLost ? silence.get() : answer;
        } finally {
            others.pass();
        }
    }

    /**
     * Both at once, as when a sender gives up waiting too early; over when both are, so that nothing goes on unseen.
     */
    private static <T> T twice(Supplier<? extends T> across) {
        Thread repetition = Thread.ofVirtual().name("catga-test-repetition").start(() -> {
            try {
                var _ = across.get();
            } catch (RuntimeException ignored) {
                // nobody waits for what becomes of the repetition
            }
        });
        try {
            return across.get();
        } finally {
            try {
                repetition.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
