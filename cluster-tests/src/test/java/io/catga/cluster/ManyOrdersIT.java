package io.catga.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

@ClusterTest
class ManyOrdersIT {

    private static final int ORDERS = 3000;
    private static final int WARM_UP = 600;
    private static final int CLIENTS = 8;
    /**
     * Of the commands, how many may reach a second handler, which answers with the recorded result: a sender asks again
     * after a silence, and two cores for twenty containers make for some. Without the queue group it would be all.
     */
    private static final double ASKED_AGAIN = 0.01;

    private static final Pattern HANDLED =
            Pattern.compile("\\[(\\S+)] Handling command: CreateOrderCommand \\[MessageId=([^]]+)]");
    private static final Pattern RECEIVED =
            Pattern.compile("\\[(\\S+)] Received event: OrderCreatedEvent \\[OrderId=([^]]+)]");

    @Test
    void everyOrderIsStoredOnceHandledOnceAndSeenByEveryNotificationInstance() throws Exception {
        place(Orders.someCustomer(), WARM_UP);
        String customer = Orders.someCustomer();
        Instant start = Instant.now();

        Map<String, String> idsByKey = place(customer, ORDERS);

        Set<String> acknowledged = Set.copyOf(idsByKey.values());
        assertThat(acknowledged).hasSize(ORDERS);
        assertThat(Orders.idsOf(customer)).doesNotHaveDuplicates().containsExactlyInAnyOrderElementsOf(acknowledged);
        assertEachHandledOnceAndEvenly(idsByKey.keySet(), start);
        for (String instance : Cluster.NOTIFICATION_SERVICES) {
            await(instance + " has every event")
                    .atMost(Duration.ofSeconds(30))
                    .untilAsserted(() -> assertThat(matches(RECEIVED, List.of(instance), start).stream()
                                    .map(match -> match.group(2))
                                    .filter(acknowledged::contains)
                                    .toList())
                            .hasSize(ORDERS)
                            .doesNotHaveDuplicates());
        }
    }

    private static void assertEachHandledOnceAndEvenly(Set<String> keys, Instant start) {
        List<Matcher> handled = matches(HANDLED, Cluster.ORDER_SERVICES, start).stream()
                .filter(match -> keys.contains(match.group(2)))
                .toList();
        assertThat(handled.stream().map(match -> match.group(2)).distinct())
                .as("each command is handled")
                .hasSize(ORDERS);
        int again = handled.size() - ORDERS;
        System.out.printf("%d of %d commands reached a second handler%n", again, ORDERS);
        assertThat(again).as("commands handled more than once").isLessThan((int) (ORDERS * ASKED_AGAIN));
        Map<String, Long> share =
                handled.stream().collect(Collectors.groupingBy(match -> match.group(1), Collectors.counting()));
        assertThat(share.keySet()).containsExactlyInAnyOrderElementsOf(Cluster.ORDER_SERVICES);
        assertThat(share.values())
                .allSatisfy(
                        count -> assertThat(count.doubleValue()).isCloseTo(ORDERS / 3.0, within(ORDERS / 3.0 * 0.25)));
    }

    /** Places orders by concurrent clients and returns the order's id for each idempotency key. */
    private static Map<String, String> place(String customer, int count) throws Exception {
        Map<String, String> idsByKey = new HashMap<>();
        try (ExecutorService clients = Executors.newFixedThreadPool(CLIENTS)) {
            Map<String, Future<HttpResponse<String>>> answers = new HashMap<>();
            for (int i = 0; i < count; i++) {
                String key = UUID.randomUUID().toString();
                answers.put(key, clients.submit(() -> Orders.place(Orders.BALANCER, key, Orders.body(customer))));
            }
            for (var answer : answers.entrySet()) {
                HttpResponse<String> response = answer.getValue().get();
                assertThat(response.statusCode()).as(response.body()).isEqualTo(201);
                idsByKey.put(answer.getKey(), Orders.idOf(response));
            }
        }
        return idsByKey;
    }

    private static List<Matcher> matches(Pattern pattern, List<String> containers, Instant since) {
        List<Matcher> found = new ArrayList<>();
        for (String container : containers) {
            ClusterLogs.since(since, container).stream()
                    .map(pattern::matcher)
                    .filter(Matcher::find)
                    .forEach(found::add);
        }
        return found;
    }
}
