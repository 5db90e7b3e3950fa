package io.catga.doctor;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/**
 * An instance of an application, by its own health endpoint.
 *
 * @param name   of its container
 * @param status UP, DOWN and so on; of all of it
 * @param parts  the same of each part
 */
record App(String name, String status, Map<String, String> parts) {

    /** By what its container has in any image: bash, but neither curl nor wget. The port follows. */
    static final List<String> QUESTION = List.of("bash", "-c", """
            exec 3<>"/dev/tcp/127.0.0.1/$0" &&
            printf 'GET /actuator/health HTTP/1.0\r\nHost: localhost\r\n\r\n' >&3 && timeout 3 cat <&3""");

    /** From the answer, with its head; empty where it is none. An instance that is down says so with 503. */
    static Optional<App> read(String name, String answer) {
        int body = answer.indexOf("\r\n\r\n");
        JsonNode health = body < 0 ? MissingNode.getInstance() : Look.parse(answer.substring(body));
        return health.isObject() ? Optional.of(read(name, health)) : Optional.empty();
    }

    static App read(String name, JsonNode health) {
        Map<String, String> parts = new TreeMap<>();
        health.path("components")
                .properties()
                .forEach(part ->
                        parts.put(part.getKey(), part.getValue().path("status").asString("")));
        return new App(name, health.path("status").asString("UNKNOWN"), Map.copyOf(parts));
    }
}
