package io.catga.cluster;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Which series a PromQL expression reads. A name is a metric unless a parenthesis follows it (a function), it is a word
 * of the language, or it stands in a list of labels; Prometheus itself says whether the expression is one at all.
 */
final class PromQl {

    private static final Pattern LABEL_LISTS =
            Pattern.compile("\\b(?:by|without|on|ignoring|group_left|group_right)\\s*\\([^)]*\\)");
    private static final String MATCHERS = "\\{(?:\"(?:[^\"\\\\]|\\\\.)*\"|[^\"}])*}";
    /** A name, with its matchers, or matchers alone; and first what only looks like one: a string, a number, a duration. */
    private static final Pattern TOKEN = Pattern.compile("\"(?:[^\"\\\\]|\\\\.)*\"|'(?:[^'\\\\]|\\\\.)*'"
            + "|\\[[^]]*]|(?<![\\w:])[0-9][\\w.]*"
            + "|(?<name>[a-zA-Z_:][\\w:]*)\\s*(?:(?<call>\\()|(?<matchers>" + MATCHERS + "))?"
            + "|(?<nameless>" + MATCHERS + ")");

    private static final Set<String> WORDS = Set.of(
            "and",
            "or",
            "unless",
            "bool",
            "offset",
            "inf",
            "nan",
            "by",
            "without",
            "on",
            "ignoring",
            "group_left",
            "group_right",
            "atan2");

    private PromQl() {}

    /** A metric and its matchers, as written: a query of its own. The metric is empty where only matchers say which. */
    record Selector(String metric, String matchers) {

        String query() {
            return metric + matchers;
        }
    }

    static List<Selector> selectors(String expression) {
        List<Selector> selectors = new ArrayList<>();
        Matcher tokens = TOKEN.matcher(LABEL_LISTS.matcher(expression).replaceAll(" "));
        while (tokens.find()) {
            String name = tokens.group("name");
            String matchers = name == null ? tokens.group("nameless") : tokens.group("matchers");
            boolean metric =
                    name != null && tokens.group("call") == null && !WORDS.contains(name.toLowerCase(Locale.ROOT));
            // after a word of the language matchers stand for themselves
            if (metric || matchers != null) {
                selectors.add(new Selector(metric ? name : "", matchers == null ? "" : matchers));
            }
        }
        return selectors;
    }

    static Set<String> metrics(String expression) {
        return selectors(expression).stream()
                .map(Selector::metric)
                .filter(metric -> !metric.isEmpty())
                .collect(Collectors.toUnmodifiableSet());
    }
}
