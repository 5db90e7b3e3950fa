package io.catga.bench;

import java.util.LinkedHashMap;
import java.util.Map;

/** One question about the cluster. What it changes for that, it leaves to {@link Lab#undo}. */
interface Scenario {

    Outcome.Draft run(Lab lab) throws Exception;

    /** All, by name, in the order in which to run and to show them. */
    static Map<String, Scenario> all() {
        Map<String, Scenario> all = new LinkedHashMap<>();
        all.put("generator", new GeneratorScenario());
        all.put("closed", new ClosedScenario());
        all.put("rate", new RateScenario());
        all.put("reads", new ReadsScenario());
        all.put("events", new EventsScenario());
        all.put("floor", new FloorScenario());
        all.put("stored", new StoredScenario());
        // Those that start instances again come last: young JVMs are slow.
        all.put("dying", new DyingScenario());
        all.put("scaling", new ScalingScenario());
        all.put("starts", new StartsScenario());
        return all;
    }
}
