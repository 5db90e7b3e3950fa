package io.catga.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
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
                "catga:request_errors:ratio_rate5m",
                "catga:request_latency:ratio_rate6h",
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

    /** promtool computes what each rule gives for series that the files beside them make up. */
    @Test
    void everyAlertFiresWhenItShould() throws IOException {
        List<String> tests = rules().filter(name -> name.endsWith(".test.yml")).toList();
        assertThat(tests).hasSizeGreaterThan(1);

        for (String test : tests) {
            assertThat(promtool("test", "rules", test))
                    .as(test)
                    .contains("SUCCESS")
                    .doesNotContain("FAILED");
        }
    }

    @Test
    void configurationAndRulesAreValid() throws IOException {
        assertThat(promtool("check", "config", "/etc/catga/prometheus.yml"))
                .contains("2 rule files found")
                .doesNotContain("FAILED");
        for (String file : rules().filter(name -> !name.endsWith(".test.yml")).toList()) {
            assertThat(promtool("check", "rules", file)).as(file).contains("SUCCESS");
        }
    }

    /** The files with rules, and those with tests of them, as the container sees them. */
    private static Stream<String> rules() throws IOException {
        try (Stream<Path> files = Files.list(Shell.root("monitoring/prometheus"))) {
            return files
                    .map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".yml") && !name.startsWith("prometheus"))
                    .sorted()
                    .map(name -> "/etc/catga/" + name)
                    .toList()
                    .stream();
        }
    }

    private static String promtool(String... arguments) {
        return Shell.docker(Stream.concat(Stream.of("exec", "cluster-prometheus", "promtool"), Stream.of(arguments))
                        .toArray(String[]::new))
                .output();
    }

    @Test
    void everyNodeOfRedisAndTheBalancerAreTargetsUnderTheNamesOfTheirContainers() {
        await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
            assertThat(instances("redis_up{job=\"redis\"} == 1")).containsExactlyInAnyOrderElementsOf(Cluster.REDIS);
            assertThat(instances("redis_up{job=\"sentinel\"} == 1"))
                    .containsExactlyInAnyOrder("cluster-sentinel-1", "cluster-sentinel-2", "cluster-sentinel-3");
            assertThat(instances("redis_instance_info{role=\"master\"}")).hasSize(1);
            assertThat(instances("nginx_up == 1")).containsExactly("cluster-nginx");
        });
    }

    /** By the names that dashboards use, and of the instances that can have them. */
    @Test
    void everyInstanceSaysWhatItHasInHandAndHowItIsConnected() {
        Orders.place("ada");

        await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
            assertThat(instances("catga_nats_connected == 1"))
                    .containsAll(Cluster.ORDER_APIS)
                    .containsAll(Cluster.ORDER_SERVICES)
                    .containsAll(Cluster.NOTIFICATION_SERVICES);
            assertThat(instances("catga_requests_inflight_max > 0"))
                    .containsExactlyInAnyOrderElementsOf(
                            Stream.concat(Cluster.ORDER_SERVICES.stream(), Cluster.NOTIFICATION_SERVICES.stream())
                                    .toList());
            assertThat(instances("catga_commit_queue")).containsAll(Cluster.ORDER_SERVICES);
            assertThat(instances("catga_events_pending == 0"))
                    .containsExactlyInAnyOrderElementsOf(Cluster.NOTIFICATION_SERVICES);
            assertThat(instances("catga_events_receiving == 1")).containsAll(Cluster.NOTIFICATION_SERVICES);
            assertThat(instances("catga_event_lag_seconds_count > 0"))
                    .containsExactlyInAnyOrderElementsOf(Cluster.NOTIFICATION_SERVICES);
            assertThat(query("max by (stream) (catga_stream_replicas_current) == 3"))
                    .extracting(series -> series.get("metric").get("stream").asString())
                    .containsExactlyInAnyOrder("CATGA_EVENTS", "CATGA_DEAD_LETTERS");
        });
    }

    private static List<String> instances(String query) {
        List<String> instances = new ArrayList<>();
        query(query)
                .forEach(series ->
                        instances.add(series.get("metric").get("instance").asString()));
        return instances;
    }

    /** The longest way of one alert: containers that are gone, a target that is no more, the time it may take. */
    @Test
    void anInstanceThatStaysAwayIsReported() {
        Cluster.without(
                List.of(Cluster.NOTIFICATION_SERVICES.getFirst()),
                () -> await().atMost(Duration.ofMinutes(3))
                        .pollInterval(Duration.ofSeconds(2))
                        .untilAsserted(() -> assertThat(query("ALERTS{alertname=\"InstanceDown\","
                                        + " alertstate=\"firing\", job=\"notification-service\"}"))
                                .hasSize(1)));

        Cluster.awaitHealthy();
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(
                        () -> assertThat(query("ALERTS{alertname=\"InstanceDown\", job=\"notification-service\"}"))
                                .isEmpty());
    }

    @Test
    void prometheusHasLoadedTheAlerts() {
        JsonNode rules =
                Orders.json(Orders.get(PROMETHEUS + "rules?type=alert")).get("data");

        assertThat(rules.findValuesAsString("name"))
                .contains(
                        "RequestErrorsBurnFast",
                        "RequestErrorsBurnSlowly",
                        "RequestLatencyBurnsFast",
                        "RequestLatencyBurnsSlowly",
                        "InstanceDown",
                        "OutboxStalled",
                        "JetStreamWithoutQuorum",
                        "ConsumerStalled",
                        "DeadLettersGrowing",
                        "NatsDisconnected",
                        "RedisNotWritable",
                        "RedisMasterCount",
                        "RedisFilling");
    }

    static JsonNode query(String query) {
        return Orders.json(Orders.get(PROMETHEUS + "query?query=" + URLEncoder.encode(query, StandardCharsets.UTF_8)))
                .get("data")
                .get("result");
    }
}
