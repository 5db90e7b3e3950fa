package io.catga.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;

/** Place orders, one after the other, while something else goes on, and note what they are told. */
final class GoodCustomers implements AutoCloseable {

    private record Placed(String customer, HttpResponse<String> answer) {}

    private final ConcurrentLinkedQueue<Placed> placed = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<Throwable> failed = new ConcurrentLinkedQueue<>();
    private final ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor();
    private volatile boolean going = true;

    /** One through the load balancer, and one for each of these instances. */
    GoodCustomers(List<Integer> ports) {
        Stream.concat(Stream.of(Orders.BALANCER), ports.stream().map(Orders::direct))
                .forEach(base -> clients.execute(() -> order(base)));
    }

    private void order(String base) {
        String customer = Orders.someCustomer();
        try {
            while (going) {
                HttpResponse<String> answer =
                        Orders.place(base, UUID.randomUUID().toString(), Orders.body(customer));
                placed.add(new Placed(customer, answer));
            }
        } catch (RuntimeException e) {
            failed.add(e);
        }
    }

    int orders() {
        return placed.size();
    }

    void awaitOrders(int more) {
        int enough = orders() + more;
        await("orders are placed").atMost(Duration.ofSeconds(30)).until(() -> orders() >= enough || !failed.isEmpty());
    }

    /**
     * Fails unless each order was acknowledged to the customer who placed it, and is there once. In time as well: order-api
     * refuses what it cannot answer within its deadline.
     */
    void assertServed() {
        close();
        assertThat(failed).isEmpty();
        assertThat(placed).isNotEmpty().allSatisfy(order -> {
            assertThat(order.answer().statusCode()).as(order.answer().body()).isEqualTo(201);
            assertThat(Orders.json(order.answer()).get("customerId").asString()).isEqualTo(order.customer());
        });
        for (String customer : placed.stream().map(Placed::customer).distinct().toList()) {
            assertThat(Orders.idsOf(customer))
                    .containsExactlyInAnyOrderElementsOf(placed.stream()
                            .filter(order -> order.customer().equals(customer))
                            .map(order -> Orders.idOf(order.answer()))
                            .toList());
        }
    }

    @Override
    public void close() {
        going = false;
        clients.close();
    }
}
