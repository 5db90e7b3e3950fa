package io.catga.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

@ClusterTest
class PrometheusIT {

    private static final String PROMETHEUS = "http://127.0.0.1:9090/api/v1/";
    private static final String UNEVENNESS = "stddev(rate(catga_requests_total{service=\"order-service\"}[5m]))"
            + " / avg(rate(catga_requests_total{service=\"order-service\"}[5m]))";

    @Test
    void everyReplicaOfEveryAppIsATargetAndIsUp() {
        await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
            JsonNode targets = Orders.json(Orders.get(PROMETHEUS + "targets?state=active"))
                    .get("data")
                    .get("activeTargets");
            assertThat(targets)
                    .filteredOn(
                            target -> target.get("labels").get("job").asString().contains("-"))
                    .extracting(target -> target.get("labels").get("job").asString())
                    .containsExactlyInAnyOrder(
                            "order-api",
                            "order-api",
                            "order-api",
                            "order-service",
                            "order-service",
                            "order-service",
                            "notification-service",
                            "notification-service");
            assertThat(targets)
                    .allSatisfy(target -> assertThat(target.get("health").asString())
                            .as(target.toString())
                            .isEqualTo("up"));
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sum(rate(catga_requests_total[1m]))",
                "sum(rate(catga_requests_total[1m])) by (instance)",
                "histogram_quantile(0.95, sum(rate(catga_request_duration_bucket[5m])) by (le))",
                "sum(rate(catga_requests_failed[1m])) / sum(rate(catga_requests_total[1m]))",
                UNEVENNESS
            })
    void everyQueryThatTheDocumentationPromisesHasData(String query) {
        assertHasData(query);
    }

    /** Sends some orders and waits until a query gives numbers. */
    static void assertHasData(String query) {
        for (int i = 0; i < 30; i++) {
            Orders.place("ada");
        }
        await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
            JsonNode result = query(query);
            assertThat(result).isNotEmpty();
            assertThat(result)
                    .allSatisfy(series ->
                            assertThat(series.get("value").get(1).asString()).matches("[0-9.e+-]+"));
        });
    }

    /** By chance alone 600 orders differ by 4 % between three instances; an idle one would make it 70 %. */
    @Test
    void theLoadOfTheInstancesIsShownAsEvenAsItIs() {
        for (int i = 0; i < 600; i++) {
            Orders.place("ada");
        }

        await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
            assertThat(query("rate(catga_requests_total{service=\"order-service\"}[5m])"))
                    .hasSize(Cluster.ORDER_SERVICES.size());
            assertThat(query(UNEVENNESS).get(0).get("value").get(1).asDouble()).isLessThan(0.3);
        });
    }

    @Test
    void instancesHaveTheNamesOfTheirContainers() {
        Orders.place("ada");

        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(query("count(catga_requests_total) by (instance)"))
                        .extracting(
                                series -> series.get("metric").get("instance").asString())
                        .containsAll(Cluster.ORDER_SERVICES)
                        .containsAll(Cluster.ORDER_APIS));
    }

    /** promtool computes what each rule gives for series that the file beside it makes up. */
    @Test
    void everyAlertFiresWhenItShould() {
        assertThat(Shell.docker("exec", "cluster-prometheus", "promtool", "test", "rules", "/etc/catga/rules.test.yml")
                        .output())
                .contains("SUCCESS");
    }

    @Test
    void prometheusHasLoadedTheAlerts() {
        JsonNode rules =
                Orders.json(Orders.get(PROMETHEUS + "rules?type=alert")).get("data");

        assertThat(rules.findValuesAsString("name")).contains("OutboxStalled");
    }

    private static JsonNode query(String query) {
        return Orders.json(Orders.get(PROMETHEUS + "query?query=" + URLEncoder.encode(query, StandardCharsets.UTF_8)))
                .get("data")
                .get("result");
    }
}
