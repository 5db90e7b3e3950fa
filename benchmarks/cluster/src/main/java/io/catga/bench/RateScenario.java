package io.catga.bench;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;

/** How long an order takes when so many come in, whether or not the earlier ones are answered. */
final class RateScenario implements Scenario {

    private static final double[] SHARES = {0.25, 0.5, 0.75};

    @Override
    public Outcome.Draft run(Lab lab) throws Exception {
        Map<String, Callable<Round>> loads = new LinkedHashMap<>();
        if (lab.arguments().rates().isEmpty()) {
            double capacity = lab.capacity();
            for (double share : SHARES) {
                double rate = Math.max(1, Math.floor(share * capacity));
                loads.put(
                        String.format(Locale.ROOT, "orders, %.0f a second (%.0f %%)", rate, 100 * share),
                        () -> lab.round(lab.orders(), Lab.rate(rate), Lab.CONNECTIONS));
            }
        } else {
            for (double rate : lab.arguments().rates()) {
                loads.put(
                        String.format(
                                Locale.ROOT,
                                "orders, %s a second",
                                Double.toString(rate).replaceFirst("\\.0$", "")),
                        () -> lab.round(lab.orders(), Lab.rate(rate), Lab.CONNECTIONS));
            }
        }
        Outcome.Draft draft = new Outcome.Draft();
        lab.byTurns(loads).forEach(draft::add);
        return draft.note("Times count from when an order was due, so also while it waited for its turn.");
    }
}
