package io.catga.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReportTest {

    private static final long SECOND = 1_000_000_000;

    /** A round of a second with so many orders, of 1 ms, 2 ms and so on. */
    private static Round round(int orders, int failed) {
        Tally tally = new Tally(0, SECOND);
        for (int i = 1; i <= orders; i++) {
            tally.succeeded(0, i * 1_000_000L);
        }
        for (int i = 0; i < failed; i++) {
            tally.failed("status 503");
        }
        return new Round(
                tally, new TreeMap<>(Map.of("cluster-nginx", orders * 0.5, Meter.GENERATOR, orders * 0.1)), 0.8, 12, 0);
    }

    private static Outcome outcome(String scenario, Measurement... measurements) {
        Outcome.Draft draft = new Outcome.Draft()
                .add("efficiency", new Figure(0.9, 0.85, 0.95))
                .note("A note.");
        List.of(measurements).forEach(draft::add);
        return draft.finish(
                scenario, "2026-01-01T00:00:00Z", "abc", Map.of("rounds", "3"), Map.of("machine", "a laptop"));
    }

    private static Measurement measurement() {
        return Measurement.of("orders, 8 clients", List.of(round(100, 0), round(200, 1), round(300, 0)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"README.md", "README.zh-CN.md"})
    void theTableOfTheReadmeIsWhatTheResultsSay(String page) throws IOException {
        List<Outcome> outcomes = Report.read(Path.of("results.json"));
        String readme = Files.readString(Path.of("..", "..", page));

        assertThat(Report.replace(readme, Report.summary(outcomes))).isEqualTo(readme);
    }

    @Test
    void theTableIsPutIntoEveryReadme(@TempDir Path folder) throws IOException {
        String page = "<!-- benchmark: written by ./bench.sh -->\nold\n<!-- end of benchmark -->\n";
        Path english = Files.writeString(folder.resolve("README.md"), "In English\n" + page);
        Path chinese = Files.writeString(folder.resolve("README.zh-CN.md"), "中文\n" + page);

        Report.publish("new\n", folder);

        assertThat(english).hasContent("In English\n" + page.replace("old", "new"));
        assertThat(chinese).hasContent("中文\n" + page.replace("old", "new"));
    }

    @Test
    void theLongPageIsWhatTheResultsSay() throws IOException {
        List<Outcome> outcomes = Report.read(Path.of("results.json"));
        Path page = Path.of("RESULTS.md");

        assertThat(Files.exists(page)).isEqualTo(!outcomes.isEmpty());
        if (!outcomes.isEmpty()) {
            assertThat(page).hasContent(Report.everything(outcomes));
        }
    }

    @Test
    void aLineHasTheMedianAndTheRangeOfTheRounds() {
        assertThat(Report.summary(List.of(outcome("closed", measurement()))))
                .contains("a laptop, at revision abc")
                .contains("| `closed` | orders, 8 clients | 200 (100 to 300) | 100 (50.0 to 150) ms |")
                .contains(" ms | 1 | 0.50 ms |")
                .contains("| `closed` | efficiency | 0.90 (0.85 to 0.95) |");
    }

    @Test
    void theGeneratorHasNoPartInTheCostOfARequest() {
        Measurement measured = measurement();

        assertThat(measured.figure(Measurement.PROCESSOR).median()).isEqualTo(0.5);
        assertThat(measured.processor()).containsKeys("cluster-nginx", Meter.GENERATOR);
    }

    @Test
    void failuresAreNamedOnTheLongPage() {
        assertThat(Report.everything(List.of(outcome("closed", measurement()))))
                .contains("Failures of 'orders, 8 clients', all rounds together: status 503: 1.")
                .contains("| cluster-nginx | 0.500 |")
                .contains("A note.");
    }

    @Test
    void histogramsComeBackFromJsonAsTheyWere(@TempDir Path folder) throws Exception {
        List<Outcome> outcomes = List.of(outcome("closed", measurement()));
        Path file = folder.resolve("results.json");
        Files.writeString(file, Report.json(outcomes));

        List<Outcome> read = Report.read(file);

        assertThat(read).isEqualTo(outcomes);
        assertThat(Report.summary(read)).isEqualTo(Report.summary(outcomes));
        Measurement measured = read.getFirst().measurements().getFirst();
        assertThat(Measurement.decode(measured.histograms().get(1)))
                .isEqualTo(round(200, 1).tally().latencies());
        assertThat(measured.latencies().getTotalCount()).isEqualTo(600);
    }

    @Test
    void aNewOutcomeTakesThePlaceOfTheEarlierOne() {
        List<Outcome> merged = Report.merge(
                List.of(outcome("rate"), outcome("closed"), outcome("of-an-earlier-version")),
                List.of(outcome("closed", measurement())));

        assertThat(merged).extracting(Outcome::scenario).containsExactly("closed", "rate");
        assertThat(merged.getFirst().measurements()).hasSize(1);
    }

    @Test
    void aPageWithoutAPlaceForTheTableIsRefused() {
        assertThatThrownBy(() -> Report.replace("# A page", "a table")).hasMessageContaining("no place");
    }
}
