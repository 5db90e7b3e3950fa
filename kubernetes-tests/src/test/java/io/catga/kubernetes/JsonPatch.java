package io.catga.kubernetes;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Applies the operations of RFC 6902 that the overlays use: add, replace and remove. */
final class JsonPatch {

    private JsonPatch() {}

    /** Applies a list of operations, in their order. */
    static void apply(Tree operations, Map<String, Object> document) {
        for (Tree operation : operations.list()) {
            apply(
                    operation.at("op").text(),
                    operation.at("path").text().split("/"),
                    operation.at("value").value(),
                    document);
        }
    }

    private static void apply(String op, String[] path, @Nullable Object value, Object document) {
        Object parent = document;
        for (int i = 1; i < path.length - 1; i++) {
            parent = child(parent, unescaped(path[i]), path);
        }
        String last = unescaped(path[path.length - 1]);
        if (!op.equals("add")) {
            child(parent, last, path);
        }
        switch (op) {
            case "add", "replace" -> set(parent, last, value, op.equals("add"));
            case "remove" -> remove(parent, last);
            default -> throw new IllegalArgumentException("the operation '" + op + "' is not known here");
        }
    }

    private static Object child(Object parent, String key, String[] path) {
        Object child = switch (parent) {
            case Map<?, ?> map -> map.get(key);
            case List<?> list when Integer.parseInt(key) < list.size() -> list.get(Integer.parseInt(key));
            default -> null;
        };
        if (child == null) {
            throw new IllegalArgumentException("there is nothing at " + String.join("/", path));
        }
        return child;
    }

    @SuppressWarnings("unchecked")
    private static void set(Object parent, String key, @Nullable Object value, boolean insert) {
        if (parent instanceof Map<?, ?>) {
            StrictYaml.map(parent).put(key, value);
        } else {
            List<Object> list = (List<Object>) parent;
            if (key.equals("-")) {
                list.add(value);
            } else if (insert) {
                list.add(Integer.parseInt(key), value);
            } else {
                list.set(Integer.parseInt(key), value);
            }
        }
    }

    private static void remove(Object parent, String key) {
        if (parent instanceof Map<?, ?> map) {
            map.remove(key);
        } else {
            ((List<?>) parent).remove(Integer.parseInt(key));
        }
    }

    private static String unescaped(String part) {
        return part.replace("~1", "/").replace("~0", "~");
    }
}
