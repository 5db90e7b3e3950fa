package io.catga.kubernetes;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** Reads YAML, and refuses a key that is there twice: others take the last one without a word. */
final class StrictYaml {

    private StrictYaml() {}

    static Object parse(String text) {
        return yaml().load(text);
    }

    /** All documents of a file, each of which is a map. */
    static List<Map<String, Object>> documents(Path file) {
        try {
            return documents(Files.readString(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static List<Map<String, Object>> documents(String text) {
        List<Map<String, Object>> documents = new ArrayList<>();
        yaml().loadAll(text).forEach(document -> documents.add(map(document)));
        return documents;
    }

    @SuppressWarnings("unchecked") // keys that are not text do not come up, and would be found by the schemas
    static Map<String, Object> map(Object value) {
        return (Map<String, Object>) value;
    }

    private static Yaml yaml() {
        LoaderOptions options = new LoaderOptions();
        options.setAllowDuplicateKeys(false);
        return new Yaml(new SafeConstructor(options));
    }
}
