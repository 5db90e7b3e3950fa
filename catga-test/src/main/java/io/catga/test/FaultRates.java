package io.catga.test;

import java.time.Duration;

/**
 * How often the faults of an {@link UnreliableNetwork} happen, each as a probability from 0 to 1. Immutable; start from
 * {@link #none()}. Which messages are hit does not change when the rate of another fault does.
 *
 * @param lost       for {@link Fault#LOST}; a message that is lost has no other fault
 * @param answerLost for {@link Fault#ANSWER_LOST}
 * @param repeated   for {@link Fault#REPEATED}
 * @param delayed    for {@link Fault#DELAYED}
 * @param delay      the longest delay in real time; each is a random part of it; 50 ms by default
 * @param reordered  for {@link Fault#REORDERED}
 * @param hold       how long in real time a message is held back where no other comes to overtake it; 100 ms by default
 */
public record FaultRates(
        double lost,
        double answerLost,
        double repeated,
        double delayed,
        Duration delay,
        double reordered,
        Duration hold) {

    private static final FaultRates NONE = new FaultRates(0, 0, 0, 0, Duration.ofMillis(50), 0, Duration.ofMillis(100));

    /**
     * Takes every value as it is given; {@link #none()} and the methods that begin with {@code with} are shorter.
     *
     * @throws IllegalArgumentException naming a rate that is not from 0 to 1, or a time that is not positive
     */
    public FaultRates {
        requireProbability("lost", lost);
        requireProbability("answerLost", answerLost);
        requireProbability("repeated", repeated);
        requireProbability("delayed", delayed);
        requirePositive("delay", delay);
        requireProbability("reordered", reordered);
        requirePositive("hold", hold);
    }

    private static void requireProbability(String name, double value) {
        if (!(value >= 0 && value <= 1)) {
            throw new IllegalArgumentException(name + " must be a probability from 0 to 1, but was " + value);
        }
    }

    private static void requirePositive(String name, Duration time) {
        if (!time.isPositive()) {
            throw new IllegalArgumentException(name + " must be positive, but was " + time);
        }
    }

    /** No faults. */
    public static FaultRates none() {
        return NONE;
    }

    /**
     * The same with another rate of {@link Fault#LOST}.
     *
     * @throws IllegalArgumentException unless it is from 0 to 1
     */
    public FaultRates withLost(double probability) {
        return new FaultRates(probability, answerLost, repeated, delayed, delay, reordered, hold);
    }

    /**
     * The same with another rate of {@link Fault#ANSWER_LOST}.
     *
     * @throws IllegalArgumentException unless it is from 0 to 1
     */
    public FaultRates withAnswerLost(double probability) {
        return new FaultRates(lost, probability, repeated, delayed, delay, reordered, hold);
    }

    /**
     * The same with another rate of {@link Fault#REPEATED}.
     *
     * @throws IllegalArgumentException unless it is from 0 to 1
     */
    public FaultRates withRepeated(double probability) {
        return new FaultRates(lost, answerLost, probability, delayed, delay, reordered, hold);
    }

    /**
     * The same with another rate, and another length, of {@link Fault#DELAYED}.
     *
     * @param atMost the longest delay in real time
     */
    public FaultRates withDelayed(double probability, Duration atMost) {
        return new FaultRates(lost, answerLost, repeated, probability, atMost, reordered, hold);
    }

    /**
     * The same with another rate of {@link Fault#REORDERED}.
     *
     * @param atMost how long in real time a message is held back where no other comes to overtake it
     */
    public FaultRates withReordered(double probability, Duration atMost) {
        return new FaultRates(lost, answerLost, repeated, delayed, delay, probability, atMost);
    }
}
