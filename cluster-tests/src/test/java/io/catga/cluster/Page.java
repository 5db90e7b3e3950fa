package io.catga.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A page of the documentation, taken apart: as much of Markdown as the pages of this project use.
 *
 * @param blocks   what stands between fences, with the language that is named there, in order
 * @param sections each heading with what follows it up to the next
 */
record Page(List<String> blocks, List<Section> sections) {

    private static final String FENCE = "```";
    private static final Pattern CODE = Pattern.compile("`([^`]+)`");
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)|<(https?://[^>\\s]+)>");
    private static final Pattern NUMBER = Pattern.compile("\\d+(?:[.,:]\\d+)*");

    /**
     * A heading and its text, without blocks.
     *
     * @param level  how many # there are
     * @param prose  all that is not a table
     * @param tables the rows of each, with the heading and without the line below it
     */
    record Section(int level, String title, String prose, List<List<List<String>>> tables) {

        /** By which a link finds it, as repository pages make it. */
        String anchor() {
            return title.toLowerCase(Locale.ROOT)
                    .replaceAll("[^\\p{L}\\p{N}\\s_-]", "")
                    .strip()
                    .replace(' ', '-');
        }
    }

    static Page read(String file) {
        try {
            return of(Files.readString(Shell.root(file)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Page of(String text) {
        List<String> blocks = new ArrayList<>();
        List<Section> sections = new ArrayList<>();
        List<String> lines = new ArrayList<>();
        StringBuilder block = new StringBuilder();
        boolean inside = false;
        for (String line : text.lines().toList()) {
            boolean fence = line.startsWith(FENCE);
            if (inside || fence) {
                block.append(line).append('\n');
            } else if (line.startsWith("#") && !lines.isEmpty()) {
                sections.add(section(lines));
                lines = new ArrayList<>(List.of(line));
            } else {
                lines.add(line);
            }
            if (fence && inside) {
                blocks.add(block.toString());
                block.setLength(0);
            }
            inside ^= fence;
        }
        if (inside) {
            throw new IllegalArgumentException("a block does not end:\n" + block);
        }
        sections.add(section(lines));
        return new Page(List.copyOf(blocks), List.copyOf(sections));
    }

    private static Section section(List<String> lines) {
        String heading = lines.getFirst();
        StringBuilder prose = new StringBuilder();
        List<List<List<String>>> tables = new ArrayList<>();
        List<List<String>> table = new ArrayList<>();
        for (String line : lines.subList(1, lines.size())) {
            if (!line.startsWith("|")) {
                prose.append(line).append('\n');
                table = new ArrayList<>();
            } else if (!line.matches("[|: -]+")) {
                if (table.isEmpty()) {
                    tables.add(table);
                }
                table.add(cells(line));
            }
        }
        String title = heading.replaceFirst("^#+", "");
        return new Section(heading.length() - title.length(), title.strip(), prose.toString(), List.copyOf(tables));
    }

    /** Between the bars; one behind a backslash is none. */
    private static List<String> cells(String row) {
        return Stream.of(row.substring(1, row.lastIndexOf('|')).split("(?<!\\\\)\\|", -1))
                .map(String::strip)
                .toList();
    }

    /** All text that is not in blocks, tables included. */
    List<String> texts() {
        return sections.stream()
                .flatMap(section -> Stream.concat(
                        Stream.of(section.title(), section.prose()),
                        section.tables().stream().flatMap(List::stream).flatMap(List::stream)))
                .toList();
    }

    /** Where the links of a text lead to, in order; what is in code is none. */
    static List<String> links(String text) {
        return found(LINK, CODE.matcher(text).replaceAll("code"));
    }

    /** What a text has in code, sorted, because words stand in another order in another language. */
    static List<String> code(String text) {
        return found(CODE, text).stream().sorted().toList();
    }

    /** The figures of a text, sorted as above. */
    static List<String> figures(String text) {
        return NUMBER.matcher(text).results().map(MatchResult::group).sorted().toList();
    }

    private static List<String> found(Pattern pattern, String text) {
        return pattern.matcher(text)
                .results()
                .map(match -> match.group(1) != null ? match.group(1) : match.group(2))
                .toList();
    }
}
