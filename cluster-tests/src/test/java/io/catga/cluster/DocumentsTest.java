package io.catga.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.catga.cluster.Page.Section;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What can be said of the documents without a cluster; {@link ReadmeIT} runs what the README shows. */
class DocumentsTest {

    private static final String ENGLISH = "README.md";
    private static final String CHINESE = "README.zh-CN.md";

    /** The one line of each README that leads to the other. */
    private static final Pattern OTHER_LANGUAGE = Pattern.compile("\\[[^\\]]+]\\(README[^)]*\\)");

    static List<String> pages() throws IOException {
        try (Stream<Path> docs = Files.list(Shell.root("docs"))) {
            return Stream.concat(
                            Stream.of(ENGLISH, CHINESE),
                            docs.map(page -> "docs/" + page.getFileName()).filter(page -> page.endsWith(".md")))
                    .sorted()
                    .toList();
        }
    }

    static Stream<Integer> sections() {
        return IntStream.range(0, Page.read(ENGLISH).sections().size()).boxed();
    }

    private static Section section(String page, int number) {
        return Page.read(page).sections().get(number);
    }

    @ParameterizedTest
    @MethodSource("pages")
    void everyLinkLeadsSomewhere(String page) {
        Path file = Shell.root(page);
        List<String> links = Page.read(page).texts().stream()
                .flatMap(text -> Page.links(text).stream())
                .filter(link -> !link.matches("https?://.*"))
                .toList();

        assertThat(links).allSatisfy(link -> {
            String[] parts = link.split("#", 2);
            Path target =
                    parts[0].isEmpty() ? file : file.resolveSibling(parts[0]).normalize();
            assertThat(target).as(link).exists();
            if (parts.length == 2) {
                assertThat(anchors(target)).as(link).contains(parts[1]);
            }
        });
    }

    /** A second heading with the same words would get a number behind them: such a link would be a riddle to readers, too. */
    private static List<String> anchors(Path page) throws IOException {
        return Page.of(Files.readString(page)).sections().stream()
                .map(Section::anchor)
                .toList();
    }

    @Test
    void theReadmeLeadsToEveryDocument() throws IOException {
        List<String> links = Page.read(ENGLISH).texts().stream()
                .flatMap(text -> Page.links(text).stream())
                .toList();

        assertThat(pages()).hasSizeGreaterThan(8);
        assertThat(links)
                .containsAll(
                        pages().stream().filter(page -> !page.equals(ENGLISH)).toList());
    }

    @Test
    void theReadmesLeadToEachOtherAtTheirTop() throws IOException {
        assertThat(Files.readAllLines(Shell.root(ENGLISH)).get(2)).contains("](" + CHINESE + ")");
        assertThat(Files.readAllLines(Shell.root(CHINESE)).get(2)).contains("](" + ENGLISH + ")");
    }

    @Test
    void bothReadmesShowTheSameBlocks() {
        assertThat(Page.read(CHINESE).blocks())
                .isEqualTo(Page.read(ENGLISH).blocks())
                .hasSizeGreaterThan(15);
    }

    @Test
    void bothReadmesHaveTheSameSections() {
        assertThat(Page.read(CHINESE).sections())
                .extracting(Section::level)
                .containsExactlyElementsOf(Page.read(ENGLISH).sections().stream()
                        .map(Section::level)
                        .toList());
    }

    /** Words are translated, figures and code are not; the heading of a table is words. */
    @ParameterizedTest
    @MethodSource("sections")
    void bothReadmesHaveTheSameTables(int number) {
        List<List<List<String>>> english = section(ENGLISH, number).tables();
        List<List<List<String>>> chinese = section(CHINESE, number).tables();

        assertThat(fixed(chinese)).isEqualTo(fixed(english));
    }

    private static List<String> fixed(List<List<List<String>>> tables) {
        List<String> fixed = new ArrayList<>();
        for (List<List<String>> table : tables) {
            fixed.add("a table of %d columns".formatted(table.getFirst().size()));
            for (List<String> row : table.subList(1, table.size())) {
                fixed.add(String.join(
                        " | ",
                        row.stream()
                                .map(cell -> Page.code(cell) + " " + Page.figures(cell) + " " + Page.links(cell))
                                .toList()));
            }
        }
        return fixed;
    }

    @ParameterizedTest
    @MethodSource("sections")
    void bothReadmesNameTheSameCodeFiguresAndLinks(int number) {
        String english =
                OTHER_LANGUAGE.matcher(section(ENGLISH, number).prose()).replaceAll("");
        String chinese =
                OTHER_LANGUAGE.matcher(section(CHINESE, number).prose()).replaceAll("");

        assertThat(Page.code(chinese)).isEqualTo(Page.code(english));
        assertThat(Page.figures(chinese)).isEqualTo(Page.figures(english));
        assertThat(Page.links(chinese)).containsExactlyInAnyOrderElementsOf(Page.links(english));
    }

    /** What an operator may be woken by, and may set, is explained. */
    @ParameterizedTest
    @MethodSource("toldToOperators")
    void thePageForOperatorsHas(Told told) throws IOException {
        List<String> there = names(told.pattern(), Shell.root(told.file()));
        List<String> explained = Page.read("docs/operations.md").sections().stream()
                .filter(section -> section.title().equals(told.section()))
                .flatMap(section -> section.tables().getFirst().stream().skip(1))
                .map(row -> Page.code(row.getFirst()).getFirst())
                .toList();

        assertThat(there).hasSizeGreaterThan(told.more());
        assertThat(explained).containsExactlyInAnyOrderElementsOf(there);
    }

    private record Told(String file, String pattern, int more, String section) {}

    static Stream<Told> toldToOperators() {
        return Stream.of(
                new Told("monitoring/prometheus/alerts.yml", "(?m)^ +- alert: (\\w+)$", 10, "Alerts"),
                new Told("start-cluster.sh", "(?m)^  ([A-Z_]+)=[^\\s\"]+(?: {2,}\\S.*)?$", 4, "Switches"));
    }

    private static List<String> names(String pattern, Path file) throws IOException {
        return List.copyOf(new TreeSet<>(Pattern.compile(pattern)
                .matcher(Files.readString(file))
                .results()
                .map(match -> match.group(1))
                .toList()));
    }
}
