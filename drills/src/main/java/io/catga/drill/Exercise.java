package io.catga.drill;

import io.catga.drill.Observation.Repeat;
import io.catga.drill.Observation.Stored;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** Runs one drill on the cluster: load, fault, mending, and the questions afterwards. */
final class Exercise {

    private static final Duration WARM_UP = Duration.ofSeconds(4);
    private static final Duration BEFORE = Duration.ofSeconds(5);
    private static final Duration AFTER = Duration.ofSeconds(5);

    private final Cluster cluster;
    private final Http http;
    private final Inquiry inquiry;
    private final int clients;
    private final int perSecond;

    Exercise(Cluster cluster, Http http, int clients, int perSecond) {
        this.cluster = cluster;
        this.http = http;
        this.inquiry = new Inquiry(http);
        this.clients = clients;
        this.perSecond = perSecond;
    }

    /** A drill that has been run. */
    record Result(
            Drill drill,
            Instant at,
            String done,
            History history,
            Observation observation,
            Verdict verdict,
            List<String> broken) {

        boolean passed() {
            return broken.isEmpty();
        }
    }

    Result run(Drill drill) throws Exception {
        cluster.restore();
        cluster.awaitHealthy(Instant.EPOCH);
        Instant at = Instant.now();
        String run = "drill-" + Long.toString(at.toEpochMilli(), Character.MAX_RADIX);
        warmUp(run + "-warm");
        Map<String, Long> deliveries = cluster.deliveriesBeyondTheFirst();
        try (Logs logs = new Logs(cluster.docker(), cluster::apps, at)) {
            if (drill.removes()) {
                logs.follow();
            }
            Load load = new Load(http, run, clients, perSecond);
            load.start();
            sleep(BEFORE);
            long broken = load.now();
            String done = drill.fault().begin(cluster);
            sleep(drill.hold());
            drill.fault().end(cluster);
            long mended = load.now();
            cluster.awaitHealthy(Instant.now());
            long recovered = load.now();
            sleep(AFTER);
            History history = new History(load.stop(), broken, mended, recovered);
            Observation observation = observe(history, load.customers(), logs, deliveries);
            Verdict verdict = Checker.judge(history, observation);
            List<String> unkept = new ArrayList<>(drill.promise().broken(verdict, history));
            drill.extra().apply(history).ifPresent(unkept::add);
            return new Result(drill, at, done, history, observation, verdict, List.copyOf(unkept));
        }
    }

    /** JVMs that have just started are slow at first, and that is no finding of a drill. */
    private void warmUp(String run) throws InterruptedException {
        Load load = new Load(http, run, clients, perSecond);
        load.start();
        sleep(WARM_UP);
        load.stop();
    }

    private Observation observe(History history, List<String> customers, Logs logs, Map<String, Long> deliveriesBefore)
            throws Exception {
        Map<String, Integer> handled = logs.collect().executions();
        List<Repeat> repeats = inquiry.repeat(history.operations());
        List<Stored> stored = inquiry.stored(customers);
        Map<String, Set<String>> notified = inquiry.notified(stored, cluster.namesOf("notification-service"));
        Logs.Found found = logs.collect();
        Set<String> announced = announced(found, stored);
        long redeliveries = 0;
        for (var now : cluster.deliveriesBeyondTheFirst().entrySet()) {
            redeliveries += Math.max(0, now.getValue() - deliveriesBefore.getOrDefault(now.getKey(), now.getValue()));
        }
        Map<String, Integer> executions = history.operations().stream()
                .map(Operation::key)
                .filter(handled::containsKey)
                .collect(Collectors.toMap(key -> key, handled::get));
        return new Observation(stored, notified, found.received(), executions, announced, redeliveries, repeats);
    }

    private Set<String> announced(Logs.Found found, List<Stored> stored) throws IOException, InterruptedException {
        Set<String> unknown = found.received().values().stream()
                .map(Map::keySet)
                .flatMap(Collection::stream)
                .collect(Collectors.toCollection(HashSet::new));
        stored.forEach(order -> unknown.remove(order.orderId()));
        Set<String> missing = new HashSet<>();
        for (String order : unknown) {
            if (inquiry.isMissing(order)) {
                missing.add(order);
            }
        }
        return missing;
    }

    private static void sleep(Duration time) throws InterruptedException {
        TimeUnit.NANOSECONDS.sleep(time.toNanos());
    }
}
