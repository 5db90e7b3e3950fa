package io.catga.cluster;

import static io.catga.cluster.Orders.BALANCER;
import static io.catga.cluster.Orders.header;
import static io.catga.cluster.Orders.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

@ClusterTest
class FaultIT {

    private static final Duration FAST = Duration.ofSeconds(2);

    @AfterEach
    void allIsWellAgain() {
        Cluster.awaitHealthy();
    }

    /** Nobody can take the order: the answer is there within two seconds, and says so. */
    private static void assertRefusedAtOnce(String customer) {
        for (int i = 0; i < 3; i++) {
            long start = System.nanoTime();
            HttpResponse<String> response = Orders.place(customer);
            Duration took = Duration.ofNanos(System.nanoTime() - start);

            assertThat(response.statusCode()).as(response.body()).isEqualTo(503);
            assertThat(json(response).get("code").asString()).isEqualTo("UNAVAILABLE");
            assertThat(header(response, "Content-Type")).startsWith("application/problem+json");
            assertThat(header(response, "Retry-After")).isNotEmpty();
            assertThat(took).isLessThan(FAST);
        }
    }

    private static void awaitOrderable(String customer) {
        await("orders are taken again")
                .atMost(Duration.ofSeconds(60))
                .untilAsserted(
                        () -> assertThat(Orders.place(customer).statusCode()).isEqualTo(201));
    }

    private static void awaitHealth(String check, String word, int status) {
        await(check + " is " + word)
                .ignoreExceptionsInstanceOf(UncheckedIOException.class)
                .atMost(Cluster.RECOVERY)
                .untilAsserted(() -> {
                    for (int port : Orders.API_PORTS) {
                        HttpResponse<String> health = Orders.get(Orders.direct(port) + "/health");
                        assertThat(health.statusCode()).isEqualTo(status);
                        assertThat(json(health).get("checks").get(check).asString())
                                .isEqualTo(word);
                    }
                });
    }

    @Test
    void withoutAnOrderServiceAnOrderIsRefusedAndNothingIsStored() {
        String refused = Orders.someCustomer();

        Cluster.without(Cluster.ORDER_SERVICES, () -> assertRefusedAtOnce(refused));

        awaitOrderable(Orders.someCustomer());
        assertThat(Orders.idsOf(refused)).isEmpty();
    }

    @Test
    void withoutRedisAnOrderIsRefusedHealthSaysSoAndAllComesBackByItself() {
        String refused = Orders.someCustomer();

        Cluster.without(Cluster.REDIS, () -> {
            awaitHealth("Redis_Connection", "Unhealthy", 503);
            assertRefusedAtOnce(refused);
        });

        awaitHealth("Redis_Connection", "Healthy", 200);
        awaitOrderable(Orders.someCustomer());
        assertThat(Orders.idsOf(refused)).isEmpty();
    }

    @Test
    void withoutNatsAnOrderIsRefusedHealthSaysSoAndAllComesBackByItself() {
        String refused = Orders.someCustomer();

        Cluster.without(Cluster.NATS, () -> {
            awaitHealth("NATS_Connection", "Unhealthy", 503);
            assertRefusedAtOnce(refused);
        });

        awaitHealth("NATS_Connection", "Healthy", 200);
        awaitOrderable(Orders.someCustomer());
        assertThat(Orders.idsOf(refused)).isEmpty();
    }

    @Test
    void withoutAnOrderApiTheBalancerItselfAnswersWithAProblem() {
        Cluster.without(Cluster.ORDER_APIS, () -> {
            HttpResponse<String> response = Orders.place("nobody");
            assertThat(response.statusCode()).isEqualTo(503);
            assertThat(json(response).get("code").asString()).isEqualTo("UNAVAILABLE");
            assertThat(header(response, "Content-Type")).startsWith("application/problem+json");
        });
    }

    @Test
    void anEventIsNotLostWhileANotificationInstanceIsAway() {
        String away = Cluster.NOTIFICATION_SERVICES.getFirst();
        String[] id = new String[1];
        Cluster.without(List.of(away), () -> id[0] = Orders.idOf(Orders.place("ada")));

        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(json(Orders.get(BALANCER + "/api/notifications?orderId=" + id[0]))
                                .get("notifications")
                                .findValuesAsString("instance"))
                        .containsExactlyInAnyOrderElementsOf(Cluster.NOTIFICATION_SERVICES));
    }

    @Test
    void aStopAndASecondStartKeepTheData() {
        String id = Orders.idOf(Orders.place("ada"));

        Cluster.stopByScript();
        Cluster.startByScript();

        assertThat(Orders.get(BALANCER + "/api/orders/" + id).statusCode()).isEqualTo(200);
    }
}
