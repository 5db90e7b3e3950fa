package io.catga.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.catga.cluster.Dashboard.Query;
import io.catga.cluster.Dashboard.Values;
import java.io.IOException;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/**
 * Every query that this repository has, asked of the running Prometheus after a load that exercises every message: those
 * of panels, annotations, variables and links of Grafana, of recording rules, of alerts, and those that the README shows.
 * Each must give a number. What they gave is in {@code target/dashboards.md}.
 */
@ClusterTest
class DashboardsIT {

    private static final String PROMETHEUS = "http://127.0.0.1:9090/api/v1/";
    private static final Path REPORT = Shell.root("cluster-tests/target/dashboards.md");

    private static final String NO_NATS_EXPORTER = "no Debian release has the NATS exporter";

    /**
     * What a cluster of locally built images does not have, by how the selector begins, and why. One of the registry's
     * images has it all.
     */
    private static final Map<String, String> NOT_IN_LOCAL_IMAGES = Map.of(
            "nats_", NO_NATS_EXPORTER,
            "up{job=\"nats\"", NO_NATS_EXPORTER,
            "{__name__=~\"(nats|jetstream)_", NO_NATS_EXPORTER);

    /** Prometheus has this series only while an alert is pending or firing. */
    private static final String ALERTS = "ALERTS";

    private static final Duration SCRAPED_AND_COMPUTED = Duration.ofSeconds(90);
    private static final int SHOWN = 4;

    /** What a query gave: its numbers, or why it may give none. */
    private record Answer(List<String> numbers, String excuse) {}

    @BeforeAll
    static void everyMessageIsOnItsWay() {
        Cluster.awaitHealthy();
        load();
    }

    /** Each type of message, a repetition, a rejection and a notification. */
    private static void load() {
        for (int i = 0; i < 20; i++) {
            String key = UUID.randomUUID().toString();
            String customer = Orders.someCustomer();
            HttpResponse<String> placed = Orders.place(Orders.BALANCER, key, Orders.body(customer));
            assertThat(placed.statusCode()).as(placed.body()).isEqualTo(201);
            String order = Orders.BALANCER + "/api/orders/" + Orders.idOf(placed);
            assertThat(Orders.place(Orders.BALANCER, key, Orders.body(customer)).body())
                    .isEqualTo(placed.body());
            assertThat(Orders.get(order).statusCode()).isEqualTo(200);
            assertThat(Orders.idsOf(customer)).hasSize(1);
            assertThat(Orders.post(order + "/cancel").statusCode()).isEqualTo(200);
        }
        assertThat(Orders.place(Orders.BALANCER, null, "{}").statusCode()).isEqualTo(400);
        assertThat(Orders.get(Orders.BALANCER + "/api/orders/nobody-has-this").statusCode())
                .isEqualTo(404);
        assertThat(Orders.get(Orders.BALANCER + "/api/notifications?orderId=any")
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void everyQueryGivesNumbers() throws IOException {
        List<Query> queries = queries();
        Map<String, String> excuses = excuses();
        Map<Query, Answer> answers = new LinkedHashMap<>();
        Set<String> used = new TreeSet<>();

        try {
            await("every query has numbers")
                    .atMost(SCRAPED_AND_COMPUTED)
                    .pollInterval(Duration.ofSeconds(3))
                    .untilAsserted(() -> {
                        load();
                        for (Query query : queries) {
                            if (!answers.containsKey(query)) {
                                answer(query, excuses, used).ifPresent(answer -> answers.put(query, answer));
                            }
                        }
                        assertThat(queries)
                                .filteredOn(query -> !answers.containsKey(query))
                                .isEmpty();
                    });
        } finally {
            report(queries, answers);
        }
        assertThat(used).as("excuses that something needs").isEqualTo(new TreeSet<>(excuses.keySet()));
    }

    private static Optional<Answer> answer(Query query, Map<String, String> excuses, Set<String> used) {
        List<String> numbers = numbers(query.expression());
        if (!numbers.isEmpty()) {
            return Optional.of(new Answer(numbers, ""));
        }
        Optional<String> excuse = excuse(
                PromQl.selectors(query.expression()).stream()
                        .map(PromQl.Selector::query)
                        .toList(),
                excuses);
        excuse.ifPresent(used::add);
        return excuse.map(prefix -> new Answer(List.of(), String.valueOf(excuses.get(prefix))));
    }

    private static Optional<String> excuse(List<String> selectors, Map<String, String> excuses) {
        return excuses.keySet().stream()
                .filter(prefix -> selectors.stream().anyMatch(selector -> selector.startsWith(prefix)))
                .findFirst();
    }

    /** Where Grafana runs, the images are those of the registry, and nothing is excused. */
    private static Map<String, String> excuses() {
        return Shell.docker("ps", "--format", "{{.Names}}").lines().contains("cluster-grafana")
                ? Map.of()
                : NOT_IN_LOCAL_IMAGES;
    }

    private static List<String> numbers(String expression) {
        JsonNode answer = ask("query?query=" + encoded(expression));
        assertThat(answer.path("status").asString(""))
                .as("%s: %s", expression, answer.path("error"))
                .isEqualTo("success");
        List<String> numbers = new ArrayList<>();
        JsonNode data = answer.path("data");
        if (data.path("resultType").asString("").equals("scalar")) {
            numbers.add(data.path("result").get(1).asString());
        }
        for (JsonNode series : data.path("result")) {
            if (series.has("value")) {
                numbers.add(series.path("value").get(1).asString());
            }
        }
        numbers.removeIf("NaN"::equals);
        return numbers;
    }

    @Test
    void everyVariableHasValuesToChooseFrom() {
        List<Values> values = Dashboard.all().stream()
                .flatMap(dashboard -> dashboard.values().stream())
                .toList();

        assertThat(values).isNotEmpty();
        await().atMost(SCRAPED_AND_COMPUTED)
                .untilAsserted(() -> assertThat(values)
                        .allSatisfy(variable -> assertThat(ask("label/" + variable.label() + "/values?match[]="
                                                + encoded(variable.selector()))
                                        .path("data"))
                                .as(variable.where())
                                .hasSizeGreaterThan(1)));
    }

    @Test
    void everyMetricThatAQueryReadsIsOneThatPrometheusKnows() throws IOException {
        Set<String> read = queries().stream()
                .flatMap(query -> PromQl.metrics(query.expression()).stream())
                .filter(metric -> !metric.equals(ALERTS))
                .filter(metric -> excuse(List.of(metric), excuses()).isEmpty())
                .collect(Collectors.toCollection(TreeSet::new));

        await().atMost(SCRAPED_AND_COMPUTED)
                .untilAsserted(
                        () -> assertThat(strings(ask("label/__name__/values").path("data")))
                                .containsAll(read));
    }

    /** With the id of its trace, under the label that Grafana is told of. */
    @Test
    void thePointsOfALatencyPanelHaveTraces() {
        List<String> expressions = new ArrayList<>();
        for (Dashboard dashboard : Dashboard.all()) {
            for (JsonNode panel : dashboard.panels()) {
                for (JsonNode target : panel.path("targets")) {
                    if (target.path("exemplar").asBoolean(false)) {
                        expressions.add(target.path("expr").asString(""));
                    }
                }
            }
        }
        Map<String, String> defaults = Map.of("__rate_interval", "1m", "type", ".*", "instance", ".*");

        assertThat(expressions).isNotEmpty();
        await().atMost(SCRAPED_AND_COMPUTED)
                .untilAsserted(() -> assertThat(expressions).allSatisfy(expression -> {
                    Instant now = Instant.now();
                    JsonNode found = ask("query_exemplars?start="
                                    + now.minus(Duration.ofMinutes(15)).getEpochSecond()
                                    + "&end=" + now.getEpochSecond() + "&query="
                                    + encoded(Dashboard.fill(expression, defaults)))
                            .path("data");
                    assertThat(strings(found.findValues("trace_id")))
                            .as(expression)
                            .isNotEmpty()
                            .allSatisfy(trace -> assertThat(trace).matches("[0-9a-f]{32}"));
                }));
    }

    @Test
    void everyRuleIsEvaluatedWithoutAnError() {
        assertThat(rules())
                .isNotEmpty()
                .allSatisfy(rule -> assertThat(rule.path("lastError").asString(""))
                        .as(rule.path("name").asString(""))
                        .isEmpty());
    }

    private static List<Query> queries() throws IOException {
        List<Query> queries = new ArrayList<>();
        Dashboard.all().forEach(dashboard -> queries.addAll(dashboard.queries()));
        for (JsonNode source : Dashboard.dataSources()) {
            for (JsonNode link : source.path("jsonData").path("tracesToMetrics").path("queries")) {
                queries.add(new Query(
                        "from a span, " + link.path("name").asString(""),
                        link.path("query")
                                .asString("")
                                .replace("$__tags", "service=~\"order-service|notification-service\"")));
            }
        }
        for (JsonNode rule : rules()) {
            String name = rule.path("name").asString("");
            String expression = rule.path("query").asString("");
            if (rule.path("type").asString("").equals("recording")) {
                queries.add(new Query("rule " + name, expression));
            } else {
                // it gives nothing while all is well; what it looks at has to be there
                assertThat(numbers("vector(1) or (" + expression + ")")).isNotEmpty();
                PromQl.selectors(expression)
                        .forEach(selector -> queries.add(new Query("alert " + name, selector.query())));
            }
        }
        ReadmeIT.queries().forEach(query -> queries.add(new Query("README", query)));
        return queries.stream().distinct().toList();
    }

    private static List<JsonNode> rules() {
        List<JsonNode> rules = new ArrayList<>();
        for (JsonNode group : ask("rules").path("data").path("groups")) {
            group.path("rules").forEach(rules::add);
        }
        return rules;
    }

    private static void report(List<Query> queries, Map<Query, Answer> answers) throws IOException {
        StringBuilder table = new StringBuilder("| where | query | series | numbers |\n|---|---|---|---|\n");
        for (Query query : queries) {
            Answer answer = answers.getOrDefault(query, new Answer(List.of(), "**none**"));
            table.append("| %s | `%s` | %d | %s |%n"
                    .formatted(
                            query.where(),
                            query.expression().replaceAll("\\s+", " ").replace("|", "\\|"),
                            answer.numbers().size(),
                            answer.numbers().isEmpty()
                                    ? answer.excuse()
                                    : answer.numbers().stream().limit(SHOWN).collect(Collectors.joining(", "))
                                            + (answer.numbers().size() > SHOWN ? ", …" : "")));
        }
        Files.createDirectories(REPORT.getParent());
        Files.writeString(REPORT, table);
        System.out.printf(
                "%d queries, of which %d gave numbers: %s%n",
                queries.size(),
                answers.values().stream()
                        .filter(answer -> !answer.numbers().isEmpty())
                        .count(),
                REPORT);
    }

    private static List<String> strings(Iterable<JsonNode> nodes) {
        List<String> strings = new ArrayList<>();
        nodes.forEach(node -> strings.add(node.asString("")));
        return strings;
    }

    private static JsonNode ask(String path) {
        return Orders.json(Orders.get(PROMETHEUS + path));
    }

    private static String encoded(String expression) {
        return URLEncoder.encode(expression, StandardCharsets.UTF_8);
    }
}
