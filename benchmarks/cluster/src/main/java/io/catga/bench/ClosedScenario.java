package io.catga.bench;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;

/** How many orders a second, with so many clients that each wait for their answer. */
final class ClosedScenario implements Scenario {

    @Override
    public Outcome.Draft run(Lab lab) throws Exception {
        Map<String, Callable<Round>> loads = new LinkedHashMap<>();
        for (int clients : lab.arguments().clients()) {
            loads.put(
                    "orders, %d clients".formatted(clients),
                    () -> lab.round(lab.orders(), Lab.clients(clients), clients));
        }
        Outcome.Draft draft = new Outcome.Draft();
        for (Measurement measured : lab.byTurns(loads)) {
            draft.add(measured);
            lab.noteCapacity(measured.figure(Measurement.PER_SECOND).median());
        }
        Map<String, Double> idle = lab.idle();
        return draft.add(
                        "processors in use by the idle cluster",
                        Figure.of(idle.values().stream()
                                .mapToDouble(Double::doubleValue)
                                .sum()))
                .note(
                        "The idle cluster, with its health checks and scrapes of metrics, is in the processor time of an order: the"
                                + " fewer orders a second, the more of it for each.");
    }
}
