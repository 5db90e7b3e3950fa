package io.catga.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What one scenario came to.
 *
 * @param scenario     its name
 * @param at           when it began
 * @param revision     of the sources, with {@code -dirty} where they were changed
 * @param settings     with which it ran
 * @param environment  where it ran, and with which versions
 * @param measurements of load
 * @param figures      that are not of one load alone
 * @param notes        what the reader has to know
 */
record Outcome(
        String scenario,
        String at,
        String revision,
        Map<String, String> settings,
        Map<String, String> environment,
        List<Measurement> measurements,
        Map<String, Figure> figures,
        List<String> notes) {

    /** What a scenario hands in, bit by bit. */
    static final class Draft {

        private final List<Measurement> measurements = new ArrayList<>();
        private final Map<String, Figure> figures = new LinkedHashMap<>();
        private final List<String> notes = new ArrayList<>();

        Draft add(Measurement measurement) {
            measurements.add(measurement);
            return this;
        }

        Draft add(String name, Figure figure) {
            figures.put(name, figure);
            return this;
        }

        Draft note(String note) {
            notes.add(note);
            return this;
        }

        Outcome finish(
                String scenario,
                String at,
                String revision,
                Map<String, String> settings,
                Map<String, String> environment) {
            return new Outcome(
                    scenario,
                    at,
                    revision,
                    settings,
                    environment,
                    List.copyOf(measurements),
                    new LinkedHashMap<>(figures),
                    List.copyOf(notes));
        }
    }
}
