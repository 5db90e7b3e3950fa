package io.catga.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.HdrHistogram.Histogram;

/** How long after a customer has the answer every notification instance has the event. */
final class EventsScenario implements Scenario {

    /** For the last events of a round. */
    private static final Duration LATE = Duration.ofSeconds(20);

    private static final Duration POLL = Duration.ofMillis(50);
    private static final double SHARE = 0.5;

    @Override
    public Outcome.Draft run(Lab lab) throws Exception {
        double rate = Math.max(1, Math.floor(SHARE * lab.capacity()));
        List<Watch> watches = new ArrayList<>();
        try {
            for (String instance : lab.cluster().namesOf("notification-service")) {
                watches.add(new Watch(lab.cluster().address(instance)));
            }
            for (Watch watch : watches) {
                watch.awaitOpen();
            }
            List<Double> p50 = new ArrayList<>();
            List<Double> p99 = new ArrayList<>();
            List<Double> most = new ArrayList<>();
            List<Double> before = new ArrayList<>();
            List<Double> missing = new ArrayList<>();
            Measurement measured = lab.measure(String.format(Locale.ROOT, "orders, %.0f a second", rate), () -> {
                Map<String, Long> acknowledged = new LinkedHashMap<>();
                Round round = lab.round(
                        lab.orders(),
                        Lab.rate(rate),
                        Lab.CONNECTIONS,
                        (answer, now) -> acknowledged.put(ReadsScenario.field(answer.body(), "orderId"), now));
                awaitAll(watches, acknowledged);
                Histogram times = Tally.newHistogram();
                long early = 0;
                long missed = 0;
                for (Map.Entry<String, Long> order : acknowledged.entrySet()) {
                    long last = watches.stream()
                            .mapToLong(watch -> watch.seen(order.getKey()))
                            .max()
                            .orElse(Long.MAX_VALUE);
                    if (last == Long.MAX_VALUE) {
                        missed++;
                    } else {
                        early += last < order.getValue() ? 1 : 0;
                        times.recordValue(Math.max(0, (last - order.getValue()) / 1000));
                    }
                }
                p50.add(times.getValueAtPercentile(50) / 1000.0);
                p99.add(times.getValueAtPercentile(99) / 1000.0);
                most.add(times.getMaxValue() / 1000.0);
                before.add(100.0 * early / Math.max(1, acknowledged.size()));
                missing.add((double) missed);
                Lab.say(
                        "  events at all instances after P50 %.1f, P99 %.1f ms, %d missing",
                        p50.getLast(), p99.getLast(), missed);
                return round;
            });
            return new Outcome.Draft()
                    .add(measured)
                    .add("from the 201 to the event at every instance, P50 ms", Figure.of(p50))
                    .add("from the 201 to the event at every instance, P99 ms", Figure.of(p99))
                    .add("from the 201 to the event at every instance, max ms", Figure.of(most))
                    .add("events that were there before the 201, %", Figure.of(before))
                    .add("events that no stream has shown", Figure.of(missing))
                    .note(
                            "An event is at an instance when its stream shows it, which is after the instance has stored it."
                                    + " One that is there before the answer counts as 0 ms.");
        } finally {
            watches.forEach(Watch::close);
        }
    }

    private static void awaitAll(List<Watch> watches, Map<String, Long> acknowledged) throws InterruptedException {
        long until = System.nanoTime() + LATE.toNanos();
        for (String order : acknowledged.keySet()) {
            for (Watch watch : watches) {
                while (watch.seen(order) == Long.MAX_VALUE && System.nanoTime() < until) {
                    LoadGenerator.pause(POLL);
                }
            }
        }
    }
}
