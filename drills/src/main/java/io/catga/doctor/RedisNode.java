package io.catga.doctor;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A node of Redis, by its own INFO.
 *
 * @param name such as redis-1
 * @param info what it says of itself
 */
record RedisNode(String name, Map<String, String> info) {

    /**
     * A replica as its master sees it.
     *
     * @param lag     seconds since it was heard of last
     * @param missing bytes that it has not acknowledged
     */
    record Follower(String name, String state, long lag, long missing) {}

    static RedisNode read(String name, String info) {
        Map<String, String> fields = new HashMap<>();
        info.lines().map(String::strip).filter(line -> line.contains(":")).forEach(line -> {
            int colon = line.indexOf(':');
            fields.put(line.substring(0, colon), line.substring(colon + 1));
        });
        return new RedisNode(name, Map.copyOf(fields));
    }

    String text(String field) {
        return info.getOrDefault(field, "");
    }

    long number(String field) {
        return number(info, field);
    }

    private static long number(Map<String, String> fields, String field) {
        try {
            return Long.parseLong(fields.getOrDefault(field, "0"));
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    boolean isMaster() {
        return text("role").equals("master");
    }

    List<Follower> followers() {
        List<Follower> followers = new ArrayList<>();
        for (int i = 0; info.containsKey("slave" + i); i++) {
            Map<String, String> fields = new HashMap<>();
            Arrays.stream(text("slave" + i).split(","))
                    .map(field -> field.split("=", 2))
                    .filter(field -> field.length == 2)
                    .forEach(field -> fields.put(field[0], field[1]));
            followers.add(new Follower(
                    fields.getOrDefault("ip", ""),
                    fields.getOrDefault("state", ""),
                    number(fields, "lag"),
                    number("master_repl_offset") - number(fields, "offset")));
        }
        return followers;
    }
}
