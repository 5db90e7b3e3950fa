package io.catga.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The same orders, placed by turns with the cluster and with what somebody would have written by hand for just them. */
final class FloorScenario implements Scenario {

    private static final String SCRIPT = "benchmarks/floor/floor.sh";
    private static final Duration QUICK = Duration.ofSeconds(2);
    private static final int EMPTY = 204;

    @Override
    public Outcome.Draft run(Lab lab) throws Exception {
        Commands commands = lab.cluster().commands();
        Path script = commands.root().resolve(SCRIPT);
        if (!Files.isExecutable(script)) {
            throw new Failed("there is no " + SCRIPT + ", so there is nothing to compare with; leave out 'floor'");
        }
        Outcome.Draft draft = new Outcome.Draft();
        lab.undo().later("end the floor", () -> floor(commands, "1", "down"));
        for (String wait : List.of("1", "0")) {
            Lab.say("  starting the floor with FLOOR_WAIT=%s", wait);
            floor(commands, wait, "up");
            compare(lab, draft, wait.equals("1"));
        }
        for (String line : floor(commands, "0", "raw")) {
            JsonNode raw = Json.read(line);
            if (raw.has("name") && raw.has("perSecond")) {
                draft.add(
                        "raw: %s, %d clients, a second"
                                .formatted(
                                        raw.path("name").asString(),
                                        raw.path("clients").asInt()),
                        Figure.of(raw.path("perSecond").asDouble()));
            }
        }
        return draft.note(
                "The floor has the same HTTP contract and no library: see benchmarks/floor. Its processor time counts"
                        + " until two seconds after the last answer, because nobody can ask it whether all is done.");
    }

    private static void compare(Lab lab, Outcome.Draft draft, boolean waits) throws Exception {
        String how = waits ? "waiting for the replica" : "not waiting for the replica";
        if (Http.status(lab.floorAddress() + "/empty", QUICK) != EMPTY) {
            throw new Failed("the floor does not answer at " + lab.floorAddress() + " after '" + SCRIPT + " up'");
        }
        int clients = lab.usualClients();
        // As long as the cluster's: its JVMs are as new.
        Duration warmUp = Duration.ofSeconds(lab.arguments().warmUp());
        lab.load(lab.floorOrders(), Lab.clients(clients), clients, warmUp, LoadGenerator.Watcher.NONE);
        Map<String, Callable<Round>> loads = new LinkedHashMap<>();
        String ours = "cluster, %d clients (beside the floor, %s)".formatted(clients, how);
        String theirs = "floor, %d clients (%s)".formatted(clients, how);
        loads.put(ours, () -> lab.round(lab.orders(), Lab.clients(clients), clients));
        loads.put(theirs, () -> lab.round(lab.floorOrders(), Lab.clients(clients), clients));
        if (waits) {
            // Does not depend on it: once is enough.
            loads.put(
                    "floor, an empty answer, %d clients".formatted(clients),
                    () -> lab.round(lab.floorPage("/empty"), Lab.clients(clients), clients));
        }
        Map<String, Measurement> measured = new LinkedHashMap<>();
        for (Measurement each : lab.byTurns(loads)) {
            draft.add(each);
            measured.put(each.name(), each);
        }
        for (Map.Entry<String, String> figure : ratios().entrySet()) {
            draft.add(
                    String.format(Locale.ROOT, "cluster / floor (%s), %s", how, figure.getKey()),
                    ratio(measured.get(ours), measured.get(theirs), figure.getValue()));
        }
    }

    private static Map<String, String> ratios() {
        Map<String, String> ratios = new LinkedHashMap<>();
        ratios.put("throughput", Measurement.PER_SECOND);
        ratios.put("P99", Measurement.P99);
        ratios.put("processor time of an order", Measurement.PROCESSOR);
        return ratios;
    }

    private static Figure ratio(@Nullable Measurement ours, @Nullable Measurement theirs, String figure) {
        if (ours == null || theirs == null) {
            throw new IllegalStateException("both have been measured");
        }
        return ours.figure(figure).per(theirs.figure(figure));
    }

    private static List<String> floor(Commands commands, String wait, String verb) {
        return new ArrayList<>(
                commands.run(List.of(commands.root().resolve(SCRIPT).toString(), verb), Map.of("FLOOR_WAIT", wait)));
    }
}
