package io.catga.backup;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Compares what was restored with what was backed up. Without side effects; lists are empty where all is as it should be. */
final class Proof {

    private Proof() {}

    /** What a stream has. */
    record State(long messages, long first, long last) {}

    static List<String> redis(Manifest.Contents backedUp, Manifest.Contents loaded) {
        List<String> differences = new ArrayList<>();
        same("keys of the dump", backedUp.keys(), loaded.keys(), differences);
        same("orders", backedUp.orders(), loaded.orders(), differences);
        same("events in the outbox", backedUp.outbox(), loaded.outbox(), differences);
        same("keys that are kept for good", backedUp.lasting(), loaded.lasting(), differences);
        if (!backedUp.digest().equals(loaded.digest())) {
            differences.add("the orders or their indexes are not what they were: their digest is %s, not %s"
                    .formatted(loaded.digest(), backedUp.digest()));
        }
        return differences;
    }

    /** @param nodes for each, its orders and its events in the outbox */
    static List<String> replicas(Manifest.Contents backedUp, Map<String, List<Long>> nodes) {
        List<String> differences = new ArrayList<>();
        nodes.forEach((node, numbers) -> {
            same("orders on " + node, backedUp.orders(), numbers.get(0), differences);
            same("events in the outbox on " + node, backedUp.outbox(), numbers.get(1), differences);
        });
        return differences;
    }

    /** Messages whose time has run out since go while a stream is restored; always the first ones. */
    static List<String> stream(Manifest.Stream backedUp, State restored, Instant now) {
        List<String> differences = new ArrayList<>();
        same("last message of " + backedUp.name(), backedUp.last(), restored.last(), differences);
        boolean someAreOld = backedUp.maxAge() > 0
                && backedUp.messages() > 0
                && backedUp.firstAt().plus(Duration.ofNanos(backedUp.maxAge())).isBefore(now);
        if (someAreOld) {
            // between them nothing may be missing that was there
            long gone = restored.first() - backedUp.first();
            if (gone < 0
                    || restored.messages() > backedUp.messages()
                    || backedUp.messages() - restored.messages() > gone) {
                differences.add("messages of %s: %d from %d on, where %d from %d on were backed up"
                        .formatted(
                                backedUp.name(),
                                restored.messages(),
                                restored.first(),
                                backedUp.messages(),
                                backedUp.first()));
            }
        } else {
            // An empty stream has no first message: the server then names the next one, or none.
            if (backedUp.messages() > 0) {
                same("first message of " + backedUp.name(), backedUp.first(), restored.first(), differences);
            }
            same("messages of " + backedUp.name(), backedUp.messages(), restored.messages(), differences);
        }
        return differences;
    }

    private static void same(String what, long backedUp, long restored, List<String> differences) {
        if (backedUp != restored) {
            differences.add("%s: %d, where %d was backed up".formatted(what, restored, backedUp));
        }
    }
}
