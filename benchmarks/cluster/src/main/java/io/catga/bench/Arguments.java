package io.catga.bench;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the command line asks for.
 *
 * @param seconds   of each round
 * @param rounds    of each load
 * @param clients   of the closed loops
 * @param rates     requests a second; none: shares of what the cluster can take
 * @param warmUp    seconds of load before anything is measured
 * @param stored    how many orders the cluster is to hold for what is measured with many
 * @param quota     share of a processor that each application may use where they are to be the limit; 0: a part of this machine
 * @param record    whether the results become those of the repository
 * @param forget    whether the orders that are stored are removed first
 * @param scenarios by name
 */
record Arguments(
        int seconds,
        int rounds,
        List<Integer> clients,
        List<Double> rates,
        int warmUp,
        int stored,
        double quota,
        boolean record,
        boolean forget,
        List<String> scenarios) {

    private static final int SECONDS = 20;
    private static final int ROUNDS = 3;
    private static final List<Integer> CLIENTS = List.of(8, 32, 64, 128);
    private static final int WARM_UP = 60;
    private static final int STORED = 1_000_000;
    private static final int MOST_CLIENTS = 1000;

    /** What is wrong with a command line, as a sentence. */
    static final class Wrong extends Exception {

        private static final long serialVersionUID = 1L;

        Wrong(String message) {
            super(message);
        }
    }

    /** @param known the scenarios that there are, in their order */
    static Arguments parse(List<String> words, Collection<String> known) throws Wrong {
        Deque<String> left = new ArrayDeque<>(words);
        Arguments arguments =
                new Arguments(SECONDS, ROUNDS, CLIENTS, List.of(), WARM_UP, STORED, 0, false, false, List.of());
        List<String> scenarios = new ArrayList<>();
        while (!left.isEmpty()) {
            String word = left.remove();
            switch (word) {
                case "--seconds" -> arguments = arguments.withSeconds(number(word, left, 1, 3600));
                case "--rounds" -> arguments = arguments.withRounds(number(word, left, 1, 100));
                case "--clients" -> arguments = arguments.withClients(clients(word, left));
                case "--rates" -> arguments = arguments.withRates(rates(word, left));
                case "--warm-up" -> arguments = arguments.withWarmUp(number(word, left, 0, 3600));
                case "--stored" -> arguments = arguments.withStored(number(word, left, 1000, 100_000_000));
                case "--quota" -> arguments = arguments.withQuota(quota(word, left));
                case "--record" -> arguments = arguments.with(true, arguments.forget);
                case "--forget" -> arguments = arguments.with(arguments.record, true);
                default -> scenarios.add(scenario(word, known));
            }
        }
        // In their own order: some use what an earlier one has found.
        return arguments.withScenarios(known.stream()
                .filter(name -> scenarios.isEmpty() || scenarios.contains(name))
                .toList());
    }

    private static String scenario(String word, Collection<String> known) throws Wrong {
        if (word.startsWith("-")) {
            throw new Wrong("there is no option '" + word + "'");
        }
        if (!known.contains(word)) {
            throw new Wrong("there is no scenario '%s'; there are %s".formatted(word, String.join(", ", known)));
        }
        return word;
    }

    private static String value(String option, Deque<String> left) throws Wrong {
        if (left.isEmpty() || left.peek().startsWith("--")) {
            throw new Wrong(option + " needs a value");
        }
        return left.remove();
    }

    private static int number(String option, Deque<String> left, int least, int most) throws Wrong {
        return number(option, value(option, left), least, most);
    }

    private static int number(String option, String value, int least, int most) throws Wrong {
        try {
            int number = Integer.parseInt(value);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // said below, as for a number out of range
            throw new Wrong(
                    "%s must be a whole number from %d to %d, but was '%s'".formatted(option, least, most, value));
        }
        throw new Wrong("%s must be a whole number from %d to %d, but was '%s'".formatted(option, least, most, value));
    }

    private static List<Integer> clients(String option, Deque<String> left) throws Wrong {
        List<Integer> clients = new ArrayList<>();
        for (String value : value(option, left).split(",", -1)) {
            clients.add(number(option, value.strip(), 1, MOST_CLIENTS));
        }
        return List.copyOf(clients);
    }

    private static List<Double> rates(String option, Deque<String> left) throws Wrong {
        List<Double> rates = new ArrayList<>();
        for (String value : value(option, left).split(",", -1)) {
            rates.add(positive(option, value));
        }
        return List.copyOf(rates);
    }

    private static double quota(String option, Deque<String> left) throws Wrong {
        double quota = positive(option, value(option, left));
        if (quota < 0.01) {
            throw new Wrong("%s must be at least 0.01, which is the least that Docker takes, but was %s"
                    .formatted(option, quota));
        }
        return quota;
    }

    private static double positive(String option, String value) throws Wrong {
        try {
            double number = Double.parseDouble(value.strip());
            if (number > 0 && number <= 1e6) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw new Wrong("%s must be numbers above 0, but was '%s'".formatted(option, value));
        }
        throw new Wrong("%s must be numbers above 0, but was '%s'".formatted(option, value));
    }

    /** For the reader of the results. */
    Map<String, String> settings() {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("seconds of a round", Integer.toString(seconds));
        settings.put("rounds", Integer.toString(rounds));
        settings.put(
                "clients",
                String.join(", ", clients.stream().map(String::valueOf).toList()));
        settings.put("seconds of warm-up", Integer.toString(warmUp));
        return settings;
    }

    private Arguments withSeconds(int value) {
        return new Arguments(value, rounds, clients, rates, warmUp, stored, quota, record, forget, scenarios);
    }

    private Arguments withRounds(int value) {
        return new Arguments(seconds, value, clients, rates, warmUp, stored, quota, record, forget, scenarios);
    }

    private Arguments withClients(List<Integer> value) {
        return new Arguments(seconds, rounds, value, rates, warmUp, stored, quota, record, forget, scenarios);
    }

    private Arguments withRates(List<Double> value) {
        return new Arguments(seconds, rounds, clients, value, warmUp, stored, quota, record, forget, scenarios);
    }

    private Arguments withWarmUp(int value) {
        return new Arguments(seconds, rounds, clients, rates, value, stored, quota, record, forget, scenarios);
    }

    private Arguments withStored(int value) {
        return new Arguments(seconds, rounds, clients, rates, warmUp, value, quota, record, forget, scenarios);
    }

    private Arguments withQuota(double value) {
        return new Arguments(seconds, rounds, clients, rates, warmUp, stored, value, record, forget, scenarios);
    }

    private Arguments withScenarios(List<String> value) {
        return new Arguments(seconds, rounds, clients, rates, warmUp, stored, quota, record, forget, value);
    }

    private Arguments with(boolean recorded, boolean forgotten) {
        return new Arguments(seconds, rounds, clients, rates, warmUp, stored, quota, recorded, forgotten, scenarios);
    }
}
