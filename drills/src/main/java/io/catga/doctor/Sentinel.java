package io.catga.doctor;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A Sentinel.
 *
 * @param name   such as sentinel-1
 * @param quorum what it answers when it is asked for a quorum
 * @param master what it knows of the master
 */
record Sentinel(String name, String quorum, Map<String, String> master) {

    /** Of one line, the answer to SENTINEL CKQUORUM, and then names and values in turn, of SENTINEL MASTER. */
    static Sentinel read(String name, List<String> lines) {
        Map<String, String> master = new HashMap<>();
        for (int i = 1; i + 1 < lines.size(); i += 2) {
            master.put(lines.get(i), lines.get(i + 1));
        }
        return new Sentinel(name, lines.isEmpty() ? "" : lines.getFirst(), Map.copyOf(master));
    }

    boolean hasQuorum() {
        return quorum.startsWith("OK");
    }

    /** Whom it calls master; empty: nobody. */
    String masterName() {
        return master.getOrDefault("ip", "");
    }

    String flags() {
        return master.getOrDefault("flags", "");
    }
}
