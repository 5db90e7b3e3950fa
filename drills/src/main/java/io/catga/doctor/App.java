package io.catga.doctor;

import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/**
 * An instance of an application, by its own health endpoint.
 *
 * @param name   of its container
 * @param status UP, DOWN and so on; of all of it
 * @param parts  the same of each part
 */
record App(String name, String status, Map<String, String> parts) {

    static App read(String name, JsonNode health) {
        Map<String, String> parts = new TreeMap<>();
        health.path("components")
                .properties()
                .forEach(part ->
                        parts.put(part.getKey(), part.getValue().path("status").asString("")));
        return new App(name, health.path("status").asString("UNKNOWN"), Map.copyOf(parts));
    }
}
