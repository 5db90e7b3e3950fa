package io.catga.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** What can be said of the dashboards without a Prometheus; {@link DashboardsIT} runs their queries. */
class DashboardsTest {

    /** Recorded while there is a span. */
    private static final List<String> WITH_THE_IDS_OF_TRACES =
            List.of("_duration_bucket", "http_server_requests_seconds_bucket");

    static List<Dashboard> dashboards() {
        return Dashboard.all();
    }

    @Test
    void everyDashboardHasItsOwnUidAndTitleAndIsInTheReadme() throws IOException {
        String readme = Files.readString(Shell.root("README.md"));

        assertThat(dashboards()).hasSize(6);
        assertThat(dashboards())
                .extracting(dashboard -> dashboard.json().path("uid").asString(""))
                .doesNotHaveDuplicates()
                .allSatisfy(uid -> assertThat(uid).matches("catga-[a-z-]{3,34}"));
        assertThat(dashboards())
                .extracting(Dashboard::title)
                .doesNotHaveDuplicates()
                .allSatisfy(title -> assertThat(readme).contains("| *" + title + "* |"));
    }

    @ParameterizedTest
    @MethodSource("dashboards")
    void everyPanelSaysWhatItShowsAndInWhichUnit(Dashboard dashboard) {
        assertThat(dashboard.panels()).isNotEmpty().allSatisfy(panel -> {
            assertThat(panel.path("title").asString("")).isNotBlank();
            assertThat(panel.path("description").asString(""))
                    .hasSizeGreaterThan(5)
                    .endsWith(".");
            assertThat(panel.path("fieldConfig").path("defaults").path("unit").asString(""))
                    .isNotBlank();
            assertThat(panel.path("targets")).isNotEmpty();
        });
    }

    @ParameterizedTest
    @MethodSource("dashboards")
    void idsAreUnique(Dashboard dashboard) {
        assertThat(dashboard.elements())
                .extracting(panel -> panel.path("id").asInt(0))
                .doesNotHaveDuplicates()
                .allSatisfy(id -> assertThat(id).isPositive());
        assertThat(dashboard.panels())
                .allSatisfy(panel -> assertThat(panel.path("targets"))
                        .extracting(target -> target.path("refId").asString(""))
                        .doesNotHaveDuplicates()
                        .doesNotContain(""));
    }

    @ParameterizedTest
    @MethodSource("dashboards")
    void panelsAreWithinThePageAndNotOnEachOther(Dashboard dashboard) {
        Set<List<Integer>> taken = new HashSet<>();
        for (JsonNode panel : dashboard.elements()) {
            JsonNode place = panel.path("gridPos");
            int right = place.path("x").asInt() + place.path("w").asInt();
            assertThat(right).as(panel.path("title").asString("")).isBetween(1, 24);
            for (int x = place.path("x").asInt(); x < right; x++) {
                for (int y = place.path("y").asInt();
                        y < place.path("y").asInt() + place.path("h").asInt();
                        y++) {
                    assertThat(taken.add(List.of(x, y)))
                            .as("%s at %d, %d", panel.path("title").asString(""), x, y)
                            .isTrue();
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("dashboards")
    void thresholdsRiseAndAreShown(Dashboard dashboard) {
        for (JsonNode panel : dashboard.panels()) {
            JsonNode defaults = panel.path("fieldConfig").path("defaults");
            List<Double> values = new ArrayList<>();
            for (JsonNode step : defaults.path("thresholds").path("steps")) {
                assertThat(step.path("color").asString("")).isNotBlank();
                values.add(
                        step.path("value").isNull()
                                ? Double.NEGATIVE_INFINITY
                                : step.path("value").asDouble());
            }
            String title = panel.path("title").asString("");
            assertThat(values).as(title).isSorted().doesNotHaveDuplicates();
            if (panel.path("type").asString("").equals("timeseries") && !values.isEmpty()) {
                assertThat(defaults.path("custom")
                                .path("thresholdsStyle")
                                .path("mode")
                                .asString("off"))
                        .as(title)
                        .isNotEqualTo("off");
            }
        }
    }

    /** Otherwise the node that was master an hour ago is shown beside the one that is. */
    @ParameterizedTest
    @MethodSource("dashboards")
    void whatIsShownByItsNameIsAskedForAsOfNow(Dashboard dashboard) {
        assertThat(dashboard.panels())
                .filteredOn(panel ->
                        panel.path("options").path("textMode").asString("").equals("name"))
                .flatExtracting(panel -> panel.path("targets").values())
                .allSatisfy(target ->
                        assertThat(target.path("instant").asBoolean(false)).isTrue());
    }

    @ParameterizedTest
    @MethodSource("dashboards")
    void everyDataSourceIsProvisioned(Dashboard dashboard) {
        List<String> provisioned = uids(Dashboard.dataSources());
        List<JsonNode> sources = dashboard.json().findValues("datasource");

        assertThat(dashboard.panels())
                .allSatisfy(panel -> assertThat(panel.has("datasource")).isTrue());
        assertThat(sources).isNotEmpty().allSatisfy(source -> {
            assertThat(provisioned).contains(source.path("uid").asString(""));
            assertThat(source.path("type").asString("")).isEqualTo("prometheus");
        });
    }

    /** Grafana asks for exemplars where a query says so; only buckets have any. */
    @ParameterizedTest
    @MethodSource("dashboards")
    void latencyLeadsToTraces(Dashboard dashboard) {
        for (JsonNode panel : dashboard.panels()) {
            String title = panel.path("title").asString("");
            List<String> latencies = new ArrayList<>();
            List<String> exemplars = new ArrayList<>();
            for (JsonNode target : panel.path("targets")) {
                String expression = target.path("expr").asString("");
                boolean bucket = WITH_THE_IDS_OF_TRACES.stream().anyMatch(expression::contains);
                if (bucket) {
                    latencies.add(expression);
                }
                if (target.path("exemplar").asBoolean(false)) {
                    exemplars.add(expression);
                    assertThat(bucket).as("%s: %s", title, expression).isTrue();
                }
            }
            if (panel.path("type").asString("").equals("timeseries") && !latencies.isEmpty()) {
                // one of them: each would show the same points again
                assertThat(exemplars).as(title).hasSize(1);
            }
        }
    }

    @Test
    void aPointLeadsToItsTraceAndASpanToItsMetrics() {
        JsonNode sources = Dashboard.dataSources();
        JsonNode prometheus = byUid(sources, "prometheus").path("jsonData");
        JsonNode spans = byUid(sources, "jaeger").path("jsonData").path("tracesToMetrics");

        assertThat(prometheus.path("exemplarTraceIdDestinations")).hasSize(1).allSatisfy(destination -> {
            assertThat(destination.path("name").asString("")).isEqualTo("trace_id");
            assertThat(uids(sources)).contains(destination.path("datasourceUid").asString(""));
        });
        assertThat(uids(sources)).contains(spans.path("datasourceUid").asString(""));
        assertThat(spans.path("queries"))
                .isNotEmpty()
                .allSatisfy(
                        query -> assertThat(query.path("query").asString("")).contains("{$__tags}"));
    }

    /** Grafana's YAML has variables of the environment: a single dollar would be gone. */
    @Test
    void everyDollarOfTheProvisioningIsWrittenTwice() throws IOException {
        try (Stream<java.nio.file.Path> files = Files.walk(Dashboard.GRAFANA)) {
            for (java.nio.file.Path file :
                    files.filter(path -> path.toString().endsWith(".yml")).toList()) {
                assertThat(Files.readAllLines(file).stream()
                                .filter(line -> !line.strip().startsWith("#"))
                                .map(line -> line.replace("$$", "")))
                        .as(file.toString())
                        .noneMatch(line -> line.contains("$"));
            }
        }
    }

    /** One that nothing uses is a list to choose from without an effect. */
    @ParameterizedTest
    @MethodSource("dashboards")
    void everyVariableIsUsedAndHasADefault(Dashboard dashboard) {
        String panels = dashboard.json().path("panels").toString();

        assertThat(dashboard.variables()).allSatisfy(variable -> {
            assertThat(panels).contains("$" + variable.path("name").asString(""));
            assertThat(variable.path("current").path("value").toString()).matches("\\[\"\\$__all\"]|\"[0-9.]+\"");
        });
        // throws where a query names a variable that there is not
        assertThat(dashboard.queries())
                .allSatisfy(query -> assertThat(query.expression()).isNotBlank().doesNotContain("$"));
    }

    private static List<String> uids(JsonNode sources) {
        List<String> uids = new ArrayList<>();
        sources.forEach(source -> uids.add(source.path("uid").asString("")));
        return uids;
    }

    private static JsonNode byUid(JsonNode sources, String uid) {
        for (JsonNode source : sources) {
            if (source.path("uid").asString("").equals(uid)) {
                return source;
            }
        }
        throw new AssertionError("no data source " + uid);
    }
}
