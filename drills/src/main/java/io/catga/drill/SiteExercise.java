package io.catga.drill;

import io.catga.drill.Observation.Repeat;
import io.catga.drill.Observation.Stored;
import io.catga.drill.SiteFault.Notes;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** Runs one drill on both data centres: each has clients of its own, and each is asked afterwards. */
final class SiteExercise {

    private static final Duration WARM_UP = Duration.ofSeconds(4);
    private static final Duration BEFORE = Duration.ofSeconds(5);
    private static final Duration AFTER = Duration.ofSeconds(5);

    private static final int CLIENTS = 5;
    private static final int PER_SECOND = 20;

    /** Of the orders, how many are looked at for how long their events took to the other data centre. */
    private static final int LOOKED_AT = 100;

    private final DataCentres sites;

    SiteExercise(DataCentres sites) {
        this.sites = sites;
    }

    /** What a drill came to in one data centre. */
    record Outcome(DataCentre site, History history, Observation observation, Verdict verdict, List<String> broken) {}

    /**
     * A drill that has been run.
     *
     * @param told   figures beside those of the outcomes
     * @param broken what is wrong and not of one data centre
     */
    record Result(SiteDrill drill, Instant at, List<Outcome> outcomes, List<String> told, List<String> broken) {

        boolean passed() {
            return broken.isEmpty()
                    && outcomes.stream().allMatch(outcome -> outcome.broken().isEmpty());
        }
    }

    /** When what happened, by the clocks of the loads. */
    private record Moments(Map<DataCentre, Load> loads, Map<DataCentre, List<Long>> times) {

        void note() {
            loads.forEach((site, load) ->
                    times.computeIfAbsent(site, any -> new ArrayList<>()).add(load.now()));
        }

        History history(DataCentre site, List<Operation> operations) {
            List<Long> noted = of(site, times);
            return new History(operations, noted.get(0), noted.get(1), noted.get(2));
        }
    }

    Result run(SiteDrill drill) throws Exception {
        sites.restore();
        sites.awaitHealthy(Instant.EPOCH);
        Instant at = Instant.now();
        String run = "drill-" + Long.toString(at.toEpochMilli(), Character.MAX_RADIX);
        stop(start(run + "-warm"), WARM_UP);
        Notes notes = new Notes(new ArrayList<>(), new ArrayList<>());
        try (Logs logs = new Logs(sites.docker(), sites::apps, at)) {
            Map<DataCentre, Load> loads = start(run);
            Moments moments = new Moments(loads, new LinkedHashMap<>());
            sleep(BEFORE);
            moments.note();
            Instant broken = Instant.now();
            drill.fault().begin(sites);
            drill.fault().watch(sites, notes);
            sleep(drill.hold().minus(Duration.between(broken, Instant.now())));
            drill.fault().end(sites);
            moments.note();
            drill.fault().follow(sites, notes);
            sites.awaitHealthy(Instant.now());
            moments.note();
            Map<DataCentre, History> histories = new LinkedHashMap<>();
            stop(loads, AFTER).forEach((site, operations) -> histories.put(site, moments.history(site, operations)));
            List<Outcome> outcomes = outcomes(drill, histories, loads, logs, notes);
            return new Result(drill, at, outcomes, List.copyOf(notes.told()), List.copyOf(notes.broken()));
        }
    }

    private Map<DataCentre, Load> start(String run) {
        Map<DataCentre, Load> loads = new LinkedHashMap<>();
        for (DataCentre site : sites.both()) {
            Load load = new Load(site.http(), run + "-" + site.name(), CLIENTS, PER_SECOND);
            load.start();
            loads.put(site, load);
        }
        return loads;
    }

    private static Map<DataCentre, List<Operation>> stop(Map<DataCentre, Load> loads, Duration after)
            throws InterruptedException {
        sleep(after);
        Map<DataCentre, List<Operation>> operations = new LinkedHashMap<>();
        for (Map.Entry<DataCentre, Load> load : loads.entrySet()) {
            operations.put(load.getKey(), load.getValue().stop());
        }
        return operations;
    }

    private List<Outcome> outcomes(
            SiteDrill drill, Map<DataCentre, History> histories, Map<DataCentre, Load> loads, Logs logs, Notes notes)
            throws Exception {
        Map<String, Integer> handled = logs.collect().executions();
        Map<DataCentre, List<Repeat>> repeats = new LinkedHashMap<>();
        Map<DataCentre, List<Stored>> stored = new LinkedHashMap<>();
        Map<DataCentre, Map<String, Set<String>>> notified = new LinkedHashMap<>();
        for (DataCentre site : sites.both()) {
            repeats.put(
                    site, new Inquiry(site.http()).repeat(of(site, histories).operations()));
            stored.put(site, new Inquiry(site.http()).stored(of(site, loads).customers()));
        }
        for (DataCentre site : sites.both()) {
            notified.put(site, notified(of(site, stored)));
        }
        Logs.Found found = logs.collect();
        Set<String> announced = announced(found, stored.values());
        List<Outcome> outcomes = new ArrayList<>();
        for (DataCentre site : sites.both()) {
            History history = of(site, histories);
            Map<String, Integer> executions = history.operations().stream()
                    .map(Operation::key)
                    .filter(handled::containsKey)
                    .collect(Collectors.toMap(key -> key, handled::get));
            Observation observation = new Observation(
                    of(site, stored),
                    of(site, notified),
                    found.received(),
                    executions,
                    site.equals(sites.first()) ? announced : Set.of(),
                    0,
                    of(site, repeats));
            Verdict verdict = Checker.judge(history, observation);
            List<String> unkept = new ArrayList<>(drill.promise(site, sites).broken(verdict, history));
            boolean elsewhere = drill.elsewhere() && site.equals(sites.first());
            handledElsewhere(site, history, elsewhere, notes).ifPresent(unkept::add);
            outcomes.add(new Outcome(site, history, observation, verdict, List.copyOf(unkept)));
        }
        noteWay(stored, notes);
        return List.copyOf(outcomes);
    }

    private static <T> T of(DataCentre site, Map<DataCentre, T> all) {
        T one = all.get(site);
        if (one == null) {
            throw new IllegalStateException("nothing is known of " + site.name());
        }
        return one;
    }

    /** For the orders of one data centre, what the instances of both have kept. */
    private Map<String, Set<String>> notified(List<Stored> stored) throws Exception {
        Map<String, Set<String>> notified = new TreeMap<>();
        for (DataCentre site : sites.both()) {
            notified.putAll(new Inquiry(site.http()).notified(stored, List.of(site.notificationService())));
        }
        return notified;
    }

    private Set<String> announced(Logs.Found found, Collection<List<Stored>> stored)
            throws IOException, InterruptedException {
        Set<String> unknown = found.received().values().stream()
                .flatMap(orders -> orders.keySet().stream())
                .collect(Collectors.toCollection(HashSet::new));
        stored.forEach(orders -> orders.forEach(order -> unknown.remove(order.orderId())));
        Set<String> missing = new HashSet<>();
        for (String order : unknown) {
            boolean nowhere = true;
            for (DataCentre site : sites.both()) {
                nowhere &= new Inquiry(site.http()).isMissing(order);
            }
            if (nowhere) {
                missing.add(order);
            }
        }
        return missing;
    }

    /** A command is handled in its own data centre, unless nobody was there at some time of its way. */
    static Optional<String> handledElsewhere(DataCentre site, History history, boolean allowed, Notes notes) {
        List<Operation> elsewhere = history.operations().stream()
                .filter(Operation::isAcknowledged)
                .filter(operation -> !site.orderServices().contains(operation.handledBy()))
                .toList();
        long acknowledged =
                history.operations().stream().filter(Operation::isAcknowledged).count();
        notes.told()
                .add("%d of %d orders of %s were handled there%s"
                        .formatted(
                                acknowledged - elsewhere.size(),
                                acknowledged,
                                site.name(),
                                elsewhere.isEmpty() ? "" : ", the others by " + site.standIn()));
        return elsewhere.stream()
                .filter(operation -> !allowed
                        || !operation.handledBy().equals(site.standIn())
                        || operation.end() < history.broken()
                        || operation.start() > history.recovered())
                .findFirst()
                .map(operation -> "%s of %s was handled by '%s' at %.1f s"
                        .formatted(operation.key(), site.name(), operation.handledBy(), operation.start() / 1e6));
    }

    /** How much later the other data centre had an event than its own. */
    private void noteWay(Map<DataCentre, List<Stored>> stored, Notes notes) throws IOException, InterruptedException {
        List<Long> millis = new ArrayList<>();
        for (DataCentre home : sites.both()) {
            List<Stored> orders = of(home, stored);
            int step = Math.max(1, orders.size() / LOOKED_AT);
            for (int i = 0; i < orders.size(); i += step) {
                String order = orders.get(i).orderId();
                DataCentre away = sites.otherThan(home);
                Optional<Instant> there = received(away, order);
                received(home, order)
                        .flatMap(here -> there.map(later -> Duration.between(here, later)))
                        .ifPresent(way -> millis.add(way.toMillis()));
            }
        }
        millis.sort(null);
        if (!millis.isEmpty()) {
            notes.told()
                    .add(String.format(
                            Locale.ROOT,
                            "the other data centre had an event %d ms later (median of %d), %d ms at most",
                            millis.get(millis.size() / 2),
                            millis.size(),
                            millis.getLast()));
        }
    }

    /** Nothing where it has not, which is a missed event and told as such. */
    private static Optional<Instant> received(DataCentre at, String order) throws IOException, InterruptedException {
        for (JsonNode notification :
                at.http().json("/api/notifications?orderId=" + order).path("notifications")) {
            if (notification.path("instance").asString().equals(at.notificationService())) {
                return Optional.of(Instant.parse(notification.path("receivedAt").asString()));
            }
        }
        return Optional.empty();
    }

    private static void sleep(Duration time) throws InterruptedException {
        TimeUnit.NANOSECONDS.sleep(Math.max(0, time.toNanos()));
    }
}
