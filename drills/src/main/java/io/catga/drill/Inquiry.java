package io.catga.drill;

import io.catga.drill.Observation.Repeat;
import io.catga.drill.Observation.Stored;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
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

/** The questions after a run, through one load balancer. */
final class Inquiry {

    /** For the last event; also one that a stream without a leader held up. */
    private static final Duration EVENTS = Duration.ofSeconds(60);

    private static final Duration POLL = Duration.ofMillis(500);
    private static final int READERS = 8;
    /** Of the acknowledged requests, how many are sent once more. */
    private static final int REPEATED = 50;

    private final Http http;

    Inquiry(Http http) {
        this.http = http;
    }

    /** Those whose outcome nobody knows, and some that were acknowledged: the same key has to give the same answer. */
    List<Repeat> repeat(List<Operation> operations) throws Exception {
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

    /** The orders of some customers. */
    List<Stored> stored(List<String> customers) throws Exception {
        return onReaders(customers.stream()
                        .<Callable<List<Stored>>>map(customer -> () -> stored(customer))
                        .toList())
                .stream()
                .flatMap(List::stream)
                .toList();
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
    Map<String, Set<String>> notified(List<Stored> stored, List<String> instances) throws Exception {
        Map<String, Set<String>> notified = new TreeMap<>();
        instances.forEach(name -> notified.put(name, ConcurrentHashMap.newKeySet()));
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
                TimeUnit.NANOSECONDS.sleep(POLL.toNanos());
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

    /** Whether the cluster says that it does not have it. */
    boolean isMissing(String order) throws IOException, InterruptedException {
        return http.get("/api/orders/" + order).statusCode() == 404;
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
}
