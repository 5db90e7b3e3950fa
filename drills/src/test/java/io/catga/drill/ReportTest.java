package io.catga.drill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.catga.drill.Report.Row;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReportTest {

    private static Row row(String name, int failed) {
        return new Row(
                name,
                "a fault",
                failed == 0,
                failed == 0 ? List.of() : List.of(failed + " requests failed"),
                1000,
                failed,
                250,
                List.of(1L, 2L, 3L),
                List.of(4L, 5L, 6L),
                List.of(7L, 8L, 9L),
                0,
                0,
                0,
                0,
                0,
                0,
                2,
                10_000,
                "2026-01-01T00:00:00Z",
                "abc");
    }

    @ParameterizedTest
    @ValueSource(strings = {"README.md", "README.zh-CN.md"})
    void theTableOfTheReadmeIsWhatTheDrillsCameTo(String page) throws IOException {
        List<Row> rows = Report.read(Path.of("results.json"));
        String readme = Files.readString(Path.of("..", page));

        assertThat(rows)
                .extracting(Row::name)
                .containsExactlyElementsOf(Drill.all().stream().map(Drill::name).toList());
        assertThat(Report.replaceTable(readme, Report.markdown(rows))).isEqualTo(readme);
    }

    @Test
    void theTableIsPutIntoEveryReadme(@TempDir Path folder) throws IOException {
        String page = "<!-- drills: written by ./drill.sh -->\nold\n<!-- end of drills -->\n";
        Path english = Files.writeString(folder.resolve("README.md"), "In English\n" + page);
        Path chinese = Files.writeString(folder.resolve("README.zh-CN.md"), "中文\n" + page);

        Report.publish("new\n", folder);

        assertThat(english).hasContent("In English\n" + page.replace("old", "new"));
        assertThat(chinese).hasContent("中文\n" + page.replace("old", "new"));
    }

    @Test
    void aLineSaysWhatHappenedAndWhetherThePromiseWasKept() {
        assertThat(Report.markdown(List.of(row("nats-kill-leader", 0), row("scale", 3))))
                .contains(
                        "| a fault (`nats-kill-leader`) | 1000 | 0 | 0.25 s | 1/2/3 ms | 4/5/6 ms | 7/8/9 ms | 0, 0, 0 "
                                + "| 0, 0 | yes |")
                .contains("| **no**: 3 requests failed |");
    }

    @Test
    void aNewResultTakesThePlaceOfTheEarlierOne() {
        List<Row> merged = Report.merge(
                List.of(row("scale", 0), row("nats-kill-leader", 3), row("of-an-earlier-version", 0)),
                List.of(row("nats-kill-leader", 0)));

        assertThat(merged).extracting(Row::name).containsExactly("nats-kill-leader", "scale");
        assertThat(merged.getFirst().failed()).isZero();
    }

    @Test
    void aPageWithoutAPlaceForTheTableIsRefused() {
        assertThatThrownBy(() -> Report.replaceTable("# A page", "a table")).hasMessageContaining("no place");
    }
}
