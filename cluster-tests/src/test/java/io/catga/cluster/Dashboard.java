package io.catga.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A dashboard as Grafana finds it, and its queries as Grafana would send them. */
record Dashboard(Path file, JsonNode json) {

    static final Path GRAFANA = Shell.root("monitoring/grafana");

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Pattern LABEL_VALUES = Pattern.compile("label_values\\((?:(.+), *)?(\\w+)\\)");

    /** What Grafana puts in for a panel of a quarter of an hour, or more: with fewer samples a rate has gaps. */
    private static final Map<String, String> OF_GRAFANA =
            Map.of("__rate_interval", "1m", "__interval", "15s", "__range", "15m");

    /** A query and where it stands. */
    record Query(String where, String expression) {}

    /** The values of a label, which a variable offers. */
    record Values(String where, String selector, String label) {}

    static List<Dashboard> all() {
        try (Stream<Path> files = Files.list(GRAFANA.resolve("dashboards"))) {
            return files.filter(file -> file.toString().endsWith(".json"))
                    .sorted()
                    .map(file -> new Dashboard(file, JSON.readTree(file.toFile())))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The data sources that Grafana is given; {@code $$} is read as {@code $}, as Grafana does. */
    static JsonNode dataSources() {
        return yaml(GRAFANA.resolve("datasources/datasources.yml")).get("datasources");
    }

    static JsonNode yaml(Path file) {
        LoaderOptions strict = new LoaderOptions();
        strict.setAllowDuplicateKeys(false);
        try {
            Object read = new Yaml(new SafeConstructor(strict)).load(Files.readString(file));
            return JSON.readTree(JSON.writeValueAsString(read).replace("$$", "$"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String title() {
        return json.path("title").asString("");
    }

    /** All panels, those of folded rows as well; without the rows. */
    List<JsonNode> panels() {
        List<JsonNode> panels = new ArrayList<>();
        collect(json.path("panels"), panels);
        return panels.stream()
                .filter(panel -> !panel.path("type").asString("").equals("row"))
                .toList();
    }

    /** All panels and rows. */
    List<JsonNode> elements() {
        List<JsonNode> elements = new ArrayList<>();
        collect(json.path("panels"), elements);
        return elements;
    }

    private static void collect(JsonNode panels, List<JsonNode> into) {
        for (JsonNode panel : panels) {
            into.add(panel);
            collect(panel.path("panels"), into);
        }
    }

    /** The queries of all panels and annotations, with the defaults of the variables in their places. */
    List<Query> queries() {
        List<Query> queries = new ArrayList<>();
        for (JsonNode annotation : json.path("annotations").path("list")) {
            queries.add(new Query(
                    title() + ", annotation " + annotation.path("name").asString(""),
                    filled(annotation.path("target").path("expr").asString(""))));
        }
        for (JsonNode panel : panels()) {
            for (JsonNode target : panel.path("targets")) {
                queries.add(new Query(
                        title() + ", " + panel.path("title").asString("") + ", "
                                + target.path("refId").asString(""),
                        filled(target.path("expr").asString(""))));
            }
        }
        return queries;
    }

    /** What the variables offer. */
    List<Values> values() {
        List<Values> values = new ArrayList<>();
        for (JsonNode variable : variables()) {
            if (variable.path("type").asString("").equals("query")) {
                String query = variable.path("query").path("query").asString("");
                Matcher labelValues = LABEL_VALUES.matcher(query);
                if (!labelValues.matches() || labelValues.group(1) == null) {
                    throw new AssertionError("not understood in " + file + ": " + query);
                }
                values.add(new Values(
                        title() + ", variable " + variable.path("name").asString(""),
                        labelValues.group(1),
                        labelValues.group(2)));
            }
        }
        return values;
    }

    JsonNode variables() {
        return json.path("templating").path("list");
    }

    private String filled(String expression) {
        Map<String, String> known = new TreeMap<>(OF_GRAFANA);
        for (JsonNode variable : variables()) {
            String value = variable.path("type").asString("").equals("constant")
                    ? variable.path("query").asString("")
                    : variable.path("allValue").asString("");
            known.put(variable.path("name").asString(""), value);
        }
        return fill(expression, known);
    }

    static String fill(String expression, Map<String, String> known) {
        return Pattern.compile("\\$(?:\\{(\\w+)(?::\\w+)?}|(\\w+))")
                .matcher(expression)
                .replaceAll(found -> {
                    String name = found.group(1) == null ? found.group(2) : found.group(1);
                    String value = known.get(name);
                    if (value == null) {
                        throw new AssertionError("$" + name + " is no variable, in: " + expression);
                    }
                    return Matcher.quoteReplacement(value);
                });
    }
}
