package io.catga.doctor;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * What Prometheus knows.
 *
 * @param targets     that it asks for metrics
 * @param outboxSize  how many events wait; empty where nobody has said
 * @param outboxAge   how many seconds the oldest has waited
 * @param deadLetters how many events were given up, and wait to be replayed or purged; empty where nobody has said
 */
record Metrics(
        List<Target> targets, Optional<Double> outboxSize, Optional<Double> outboxAge, Optional<Double> deadLetters) {

    /** @param address with its port */
    record Target(String job, String address, boolean up, String error) {}

    static List<Target> targets(JsonNode answer) {
        List<Target> targets = new ArrayList<>();
        for (JsonNode target : answer.path("data").path("activeTargets")) {
            targets.add(new Target(
                    target.path("labels").path("job").asString(""),
                    target.path("discoveredLabels").path("__address__").asString(""),
                    // A target that was not asked yet is unknown.
                    !target.path("health").asString("").equals("down"),
                    target.path("lastError").asString("")));
        }
        return List.copyOf(targets);
    }

    /** Every instance tells of the same outbox and the same letters: the greatest of what they say. */
    static Optional<Double> greatest(JsonNode answer) {
        Optional<Double> greatest = Optional.empty();
        for (JsonNode series : answer.path("data").path("result")) {
            double value = value(series);
            if (!Double.isNaN(value) && value >= greatest.orElse(0.0)) {
                greatest = Optional.of(value);
            }
        }
        return greatest;
    }

    private static double value(JsonNode series) {
        try {
            return Double.parseDouble(series.path("value").path(1).asString("NaN"));
        } catch (NumberFormatException e) {
            return Double.NaN;
        }
    }
}
