package io.catga.pipeline;

import io.catga.ErrorCode;
import java.time.Duration;
import java.util.Set;

/**
 * When what keeps failing is not tried for a while. Immutable.
 *
 * @param failureRate  the percentage of failures that opens it, 1 to 100
 * @param window       how many of the last messages are looked at
 * @param minimumCalls how many there must be before it may open
 * @param openFor      how long it refuses before it lets some through
 * @param trials       how many it lets through then
 * @param codes        the codes that count as failures
 */
public record CircuitBreakerOptions(
        int failureRate, int window, int minimumCalls, Duration openFor, int trials, Set<ErrorCode> codes) {

    /**
     * Refuses settings that make no sense, naming the property to set.
     *
     * @throws IllegalArgumentException naming the first setting that is out of its range
     */
    public CircuitBreakerOptions {
        if (failureRate < 1 || failureRate > 100) {
            throw new IllegalArgumentException("failureRate must be 1 to 100, but was " + failureRate
                    + "; set catga.circuit-breaker.failure-rate");
        }
        requirePositive("window", window);
        requirePositive("minimum-calls", minimumCalls);
        requirePositive("trials", trials);
        if (!openFor.isPositive()) {
            throw new IllegalArgumentException(
                    "openFor must be positive, but was " + openFor + "; set catga.circuit-breaker.open-for");
        }
        codes = Set.copyOf(codes);
    }

    private static void requirePositive(String setting, int value) {
        if (value < 1) {
            throw new IllegalArgumentException("%s must be at least 1, but was %d; set catga.circuit-breaker.%s"
                    .formatted(setting, value, setting));
        }
    }

    /**
     * Half of the last 100, of at least 20; for a second; then 5 trials. INTERNAL does not count: a message that meets
     * a defect must not shut out those that do not.
     */
    public static CircuitBreakerOptions defaults() {
        return new CircuitBreakerOptions(
                50, 100, 20, Duration.ofSeconds(1), 5, Set.of(ErrorCode.UNAVAILABLE, ErrorCode.DEADLINE_EXCEEDED));
    }
}
