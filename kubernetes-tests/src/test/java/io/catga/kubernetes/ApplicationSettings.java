package io.catga.kubernetes;

import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.boot.convert.DurationStyle;

/** What an application's own files, and the libraries that it uses, say about it. */
final class ApplicationSettings {

    private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{([A-Z_]+)(?::[^}]*)?}");

    private static final Map<String, JsonElement> DEFAULTS = defaults();

    private final List<Tree> files;
    private final String text;

    private ApplicationSettings(String application) {
        String own = Project.read(application + "/src/main/resources/application.yml");
        String common = Project.read("order-contracts/src/main/resources/order-app.yml");
        files = Stream.of(common, own)
                .map(file -> new Tree(StrictYaml.documents(file).getFirst()))
                .toList();
        text = common + own;
    }

    static ApplicationSettings of(String application) {
        return new ApplicationSettings(application);
    }

    private Tree at(String path) {
        return files.stream()
                .map(file -> file.at(path.split("\\.")))
                .filter(Tree::exists)
                .findFirst()
                .orElse(new Tree(null));
    }

    int port() {
        return at("management.server.port").number(at("server.port").number(8080));
    }

    /** Where Spring Boot tells how this application is. */
    Set<String> healthPaths() {
        boolean exposed = at("management.endpoints.web.exposure.include").text().contains("health");
        if (!exposed || !at("management.endpoint.health.probes.enabled").is(true)) {
            return Set.of();
        }
        String base = at("management.endpoints.web.base-path").exists()
                ? at("management.endpoints.web.base-path").text()
                : "/actuator";
        return Stream.concat(
                        Stream.of("liveness", "readiness"),
                        at("management.endpoint.health.group").map().keySet().stream())
                .map(group -> base + "/health/" + group)
                .collect(Collectors.toSet());
    }

    /** By default it is about the process alone. */
    boolean livenessIncludesMore() {
        return at("management.endpoint.health.group.liveness").exists();
    }

    /**
     * The longest that a graceful stop may take: what it has received, the relay and the connections one after the other,
     * each within Catga's grace, and the web server in between.
     */
    Duration longestStop() {
        String ours = at("catga.shutdown-grace").exists()
                ? at("catga.shutdown-grace").text()
                : DEFAULTS.getOrDefault("catga.shutdown-grace", JsonNull.INSTANCE)
                        .getAsString();
        return DurationStyle.detectAndParse(ours)
                .multipliedBy(3)
                .plus(DurationStyle.detectAndParse(
                        at("spring.lifecycle.timeout-per-shutdown-phase").text()));
    }

    /** Whether anything reads that variable: a setting of a library, one of the application, a placeholder, the JVM's start. */
    boolean reads(String variable) {
        Set<String> known = new HashSet<>(DEFAULTS.keySet());
        files.forEach(file -> addKeys(known, "", file));
        return known.stream().map(ApplicationSettings::variable).anyMatch(variable::equals)
                || Stream.of(text, Project.read("docker/Dockerfile"))
                        .flatMap(one -> PLACEHOLDER.matcher(one).results())
                        .anyMatch(found -> found.group(1).equals(variable));
    }

    /** As Spring Boot binds environment variables. */
    private static String variable(String key) {
        return key.replace("-", "").replace('.', '_').toUpperCase(Locale.ROOT);
    }

    private static void addKeys(Set<String> keys, String prefix, Tree tree) {
        tree.map().forEach((key, value) -> {
            keys.add(prefix + key);
            addKeys(keys, prefix + key + ".", value);
        });
    }

    /** All settings that the metadata of the libraries names, with their defaults. */
    private static Map<String, JsonElement> defaults() {
        return ApplicationSettings.class
                .getClassLoader()
                .resources("META-INF/spring-configuration-metadata.json")
                .flatMap(ApplicationSettings::properties)
                .collect(Collectors.toMap(
                        property -> property.getAsJsonObject().get("name").getAsString(),
                        property -> property.getAsJsonObject().has("defaultValue")
                                ? property.getAsJsonObject().get("defaultValue")
                                : JsonNull.INSTANCE,
                        (one, same) -> one));
    }

    private static Stream<JsonElement> properties(URL metadata) {
        try (InputStreamReader reader = new InputStreamReader(metadata.openStream(), StandardCharsets.UTF_8)) {
            return JsonParser.parseReader(reader).getAsJsonObject().getAsJsonArray("properties").asList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
