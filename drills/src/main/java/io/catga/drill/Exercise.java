package io.catga.drill;

import io.catga.drill.Observation.Repeat;
import io.catga.drill.Observation.Stored;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** Runs one drill on the cluster: load, fault, mending, and the questions afterwards. */
final class Exercise {

    private static final Duration WARM_UP = Duration.ofSeconds(4);
    private static final Duration BEFORE = Duration.ofSeconds(5);
    private static final Duration AFTER = Duration.ofSeconds(5);
    /** For the last event; also one that a stream without a leader held up. */
    private static final Duration EVENTS = Duration.ofSeconds(60);

    private static final Duration POLL = Duration.ofMillis(500);
    private static final int READERS = 8;
    /** Of the acknowledged requests, how many are sent once more. */
    private static final int REPEATED = 50;

    private final Cluster cluster;
    private final Http http;
    private final int clients;
    private final int perSecond;

    Exercise(Cluster cluster, Http http, int clients, int perSecond) {
        this.cluster = cluster;
        this.http = http;
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
        try (Logs logs = new Logs(cluster, at)) {
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
        List<Repeat> repeats = repeat(history.operations());
        List<Stored> stored = new ArrayList<>();
        for (List<Stored> orders : onReaders(customers.stream()
                .<Callable<List<Stored>>>map(customer -> () -> stored(customer))
                .toList())) {
            stored.addAll(orders);
        }
        Map<String, Set<String>> notified = notified(stored);
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

    /** Those whose outcome nobody knows, and some that were acknowledged: the same key has to give the same answer. */
    private List<Repeat> repeat(List<Operation> operations) throws Exception {
        List<Operation> withKey = operations.stream().filter(Operation::keySent).toList();
        int step = Math.max(1, withKey.size() / REPEATED);
        List<Callable<Repeat>> again = new ArrayList<>();
        for (int i = 0; i < withKey.size(); i++) {
            Operation operation = withKey.get(i);
            if (operation.outcome() == Outcome.UNKNOWN || (operation.isAcknowledged() && i % step == 0)) {
                again.add(() -> repeat(operation));
            }
        }
        return onReaders(again);
    }

    private Repeat repeat(Operation operation) throws IOException, InterruptedException {
        HttpResponse<String> answer =
                http.placeOrder(operation.key(), Load.body(operation.customer(), operation.key()));
        String first = operation.orderId() == null ? "" : operation.orderId();
        String second = answer.statusCode() == 201 ? Http.field(answer.body(), "orderId") : "";
        return new Repeat(operation.key(), first, second);
    }

    private List<Stored> stored(String customer) throws IOException, InterruptedException {
        List<Stored> orders = new ArrayList<>();
        String cursor = "";
        do {
            JsonNode page = http.json("/api/orders?limit=100&customerId=" + customer + cursor);
            for (JsonNode order : page.path("orders")) {
                orders.add(new Stored(
                        order.path("orderId").asString(),
                        order.path("items").path(0).path("productId").asString("")));
            }
            String next = page.path("nextCursor").asString("");
            cursor = next.isEmpty() ? "" : "&cursor=" + next;
        } while (!cursor.isEmpty());
        return orders;
    }

    /** Waits until each instance has kept the event of each order, or for as long as the last one may take. */
    private Map<String, Set<String>> notified(List<Stored> stored) throws Exception {
        Map<String, Set<String>> notified = new TreeMap<>();
        cluster.namesOf("notification-service").forEach(name -> notified.put(name, ConcurrentHashMap.newKeySet()));
        Set<String> open = stored.stream().map(Stored::orderId).collect(Collectors.toCollection(HashSet::new));
        long until = System.nanoTime() + EVENTS.toNanos();
        while (!open.isEmpty() && System.nanoTime() < until) {
            onReaders(open.stream()
                    .<Callable<Boolean>>map(order -> () -> {
                        noteInstances(order, notified);
                        return true;
                    })
                    .toList());
            open.removeIf(order -> notified.values().stream().allMatch(orders -> orders.contains(order)));
            if (!open.isEmpty()) {
                sleep(POLL);
            }
        }
        return notified;
    }

    private void noteInstances(String order, Map<String, Set<String>> notified)
            throws IOException, InterruptedException {
        for (JsonNode notification :
                http.json("/api/notifications?orderId=" + order).path("notifications")) {
            Set<String> orders = notified.get(notification.path("instance").asString());
            if (orders != null
                    && "OrderCreatedEvent".equals(notification.path("type").asString())) {
                orders.add(order);
            }
        }
    }

    private Set<String> announced(Logs.Found found, List<Stored> stored) throws IOException, InterruptedException {
        Set<String> unknown = found.received().values().stream()
                .map(Map::keySet)
                .flatMap(Collection::stream)
                .collect(Collectors.toCollection(HashSet::new));
        stored.forEach(order -> unknown.remove(order.orderId()));
        Set<String> missing = new HashSet<>();
        for (String order : unknown) {
            if (http.get("/api/orders/" + order).statusCode() == 404) {
                missing.add(order);
            }
        }
        return missing;
    }

    private static <T> List<T> onReaders(List<Callable<T>> questions) throws Exception {
        try (ExecutorService readers = Executors.newFixedThreadPool(READERS)) {
            List<T> answers = new ArrayList<>();
            for (Future<T> answer : readers.invokeAll(questions)) {
                answers.add(answer.get());
            }
            return answers;
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
    }

    private static void sleep(Duration time) throws InterruptedException {
        TimeUnit.NANOSECONDS.sleep(time.toNanos());
    }
}
