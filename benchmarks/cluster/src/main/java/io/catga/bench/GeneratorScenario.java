package io.catga.bench;

import java.util.List;

/** What the generator of the load takes itself: it asks for what nginx refuses without asking anybody. */
final class GeneratorScenario implements Scenario {

    private static final int NOT_FOUND = 404;

    @Override
    public Outcome.Draft run(Lab lab) throws Exception {
        int clients = lab.usualClients();
        Measurement measured = lab.measure(
                "an answer of nginx alone, " + clients + " clients",
                () -> lab.round(lab.pages(List.of("/actuator/none"), NOT_FOUND), Lab.clients(clients), clients));
        Figure own = measured.processor().getOrDefault(Meter.GENERATOR, Figure.of(0));
        return new Outcome.Draft()
                .add(measured)
                .add("processor time of the generator, us a request", own.times(1000))
                .note("What the generator takes of the machine is missing to the cluster, and is in no other figure.");
    }
}
