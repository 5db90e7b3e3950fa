package io.catga.kubernetes;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A part of a YAML document. What is not there is an empty part, so that a rule can ask for what may be missing. */
record Tree(@Nullable Object value) {

    Tree at(String... keys) {
        Object now = value;
        for (String key : keys) {
            now = now instanceof Map<?, ?> map ? map.get(key) : null;
        }
        return new Tree(now);
    }

    boolean exists() {
        return value != null;
    }

    /** The elements of a list; none where there is no list. */
    List<Tree> list() {
        return value instanceof List<?> list ? list.stream().map(Tree::new).toList() : List.of();
    }

    /** The elements of a list as text. */
    List<String> texts() {
        return list().stream().map(Tree::text).toList();
    }

    /** The entries of a map; none where there is no map. */
    Map<String, Tree> map() {
        Map<String, Tree> entries = new LinkedHashMap<>();
        if (value instanceof Map<?, ?> map) {
            map.forEach((key, one) -> entries.put(String.valueOf(key), new Tree(one)));
        }
        return entries;
    }

    /** A scalar as text; empty where there is none. */
    String text() {
        return value == null ? "" : String.valueOf(value);
    }

    int number(int otherwise) {
        return value instanceof Number number ? number.intValue() : otherwise;
    }

    boolean is(Object expected) {
        return expected.equals(value);
    }

    /** All text in it, at any depth. */
    Stream<String> allTexts() {
        if (value instanceof Map<?, ?>) {
            return map().values().stream().flatMap(Tree::allTexts);
        }
        return value instanceof List<?> ? list().stream().flatMap(Tree::allTexts) : Stream.of(text());
    }
}
