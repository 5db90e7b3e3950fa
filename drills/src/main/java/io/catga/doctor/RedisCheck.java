package io.catga.doctor;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Redis and its Sentinels: one master, that they agree on and that takes writes, and replicas that follow it. */
final class RedisCheck {

    private static final String AREA = "redis";

    private static final long SECONDS_BEHIND = 3;
    private static final long BYTES_BEHIND = 1024 * 1024;
    private static final double NEARLY_FULL = 0.8;
    private static final double FULL = 0.95;

    private RedisCheck() {}

    static List<Finding> findings(Facts facts) {
        List<Finding> findings = new ArrayList<>();
        unanswered(facts, "redis", facts.redis().stream().map(RedisNode::name).toList(), findings);
        unanswered(
                facts,
                "sentinel",
                facts.sentinels().stream().map(Sentinel::name).toList(),
                findings);
        Optional<RedisNode> master = master(facts, findings);
        sentinels(facts, master, findings);
        master.ifPresent(node -> followers(facts, node, findings));
        for (RedisNode node : facts.redis()) {
            replica(node, master, findings);
            safety(node, findings);
        }
        versions(facts, findings);
        if (findings.isEmpty()) {
            findings.add(Finding.ok(
                    AREA,
                    "%d nodes of version %s, %s is master, %d Sentinels agree, %d replicas are up to date"
                            .formatted(
                                    facts.redis().size(),
                                    facts.redis().getFirst().text("redis_version"),
                                    master.map(RedisNode::name).orElse("nobody"),
                                    facts.sentinels().size(),
                                    facts.redis().size() - 1)));
        }
        return findings;
    }

    private static void unanswered(Facts facts, String kind, List<String> answered, List<Finding> findings) {
        facts.containers().stream()
                .filter(container -> container.kind().equals(kind) && container.isRunning())
                .filter(container -> !answered.contains(container.service()))
                .forEach(container -> findings.add(Finding.problem(
                        AREA,
                        container.name() + " runs and does not answer",
                        "See 'docker logs --tail 50 %s', and restart it.".formatted(container.name()))));
    }

    private static Optional<RedisNode> master(Facts facts, List<Finding> findings) {
        List<RedisNode> masters =
                facts.redis().stream().filter(RedisNode::isMaster).toList();
        if (masters.isEmpty()) {
            findings.add(Finding.problem(
                    AREA,
                    "there is no master: no order can be placed",
                    "Wait three seconds for the failover; if there is still none, start what is stopped:"
                            + " ./start-cluster.sh"));
        } else if (masters.size() > 1) {
            findings.add(Finding.problem(
                    AREA,
                    "there are %d masters: %s"
                            .formatted(
                                    masters.size(),
                                    masters.stream().map(RedisNode::name).collect(Collectors.joining(", "))),
                    "Wait ten seconds: the Sentinels make a replica of the older; if not, restart the one that they do"
                            + " not name."));
        }
        return masters.size() == 1 ? Optional.of(masters.getFirst()) : Optional.empty();
    }

    private static void sentinels(Facts facts, Optional<RedisNode> master, List<Finding> findings) {
        for (Sentinel sentinel : facts.sentinels()) {
            if (!sentinel.hasQuorum()) {
                findings.add(Finding.problem(
                        AREA,
                        "%s sees no quorum: %s".formatted(sentinel.name(), sentinel.quorum()),
                        "Start the Sentinels that are down: a master that fails would not be replaced."));
            }
            if (sentinel.flags().contains("_down")) {
                findings.add(Finding.problem(
                        AREA,
                        "%s calls the master %s down".formatted(sentinel.name(), sentinel.masterName()),
                        "Wait three seconds for the failover; if it stays, see 'docker logs --tail 50 cluster-%s'."
                                .formatted(sentinel.masterName())));
            }
        }
        if (facts.sentinels().isEmpty()) {
            findings.add(Finding.problem(
                    AREA,
                    "no Sentinel answers: a master that fails would not be replaced",
                    "Start them: ./start-cluster.sh"));
        }
        Set<String> named =
                facts.sentinels().stream().map(Sentinel::masterName).collect(Collectors.toCollection(TreeSet::new));
        if (named.size() > 1) {
            findings.add(Finding.problem(
                    AREA,
                    "the Sentinels disagree about the master: " + String.join(", ", named),
                    "Look again in ten seconds; if it stays, restart the Sentinel that stands alone."));
        } else if (master.isPresent()
                && !named.isEmpty()
                && !named.contains(master.get().name())) {
            findings.add(Finding.problem(
                    AREA,
                    "the Sentinels call %s master, but %s is"
                            .formatted(named.iterator().next(), master.get().name()),
                    "Look again in ten seconds: a failover may be under way; if it stays, restart cluster-%s."
                            .formatted(master.get().name())));
        }
    }

    private static void followers(Facts facts, RedisNode master, List<Finding> findings) {
        List<RedisNode.Follower> followers = master.followers();
        long expected = facts.containers().stream()
                        .filter(container -> container.kind().equals("redis"))
                        .count()
                - 1;
        if (followers.isEmpty()) {
            findings.add(Finding.problem(
                    AREA,
                    master.name() + " has no replica, and refuses writes",
                    "Start the other Redis nodes: ./start-cluster.sh"));
        } else if (followers.size() < expected) {
            findings.add(Finding.warning(
                    AREA,
                    "%d of %d replicas follow %s".formatted(followers.size(), expected, master.name()),
                    "Start the other Redis node; until then the next failure stops the orders."));
        }
        for (RedisNode.Follower follower : followers) {
            if (!follower.state().equals("online")) {
                findings.add(Finding.warning(
                        AREA,
                        "%s is taking a copy of the whole data (%s)".formatted(follower.name(), follower.state()),
                        "Look again in half a minute."));
            } else if (follower.lag() >= SECONDS_BEHIND || follower.missing() > BYTES_BEHIND) {
                findings.add(Finding.warning(
                        AREA,
                        "%s is %d s and %d bytes behind its master"
                                .formatted(follower.name(), follower.lag(), follower.missing()),
                        "See whether cluster-%s has CPU and is not paused; orders wait for it."
                                .formatted(follower.name())));
            }
        }
    }

    private static void replica(RedisNode node, Optional<RedisNode> master, List<Finding> findings) {
        if (node.isMaster()) {
            return;
        }
        if (node.text("master_link_status").equals("down")) {
            findings.add(Finding.problem(
                    AREA,
                    "%s has lost its link to %s".formatted(node.name(), node.text("master_host")),
                    "See that cluster-%s runs and both are in cluster-network.".formatted(node.text("master_host"))));
        }
        if (master.isPresent() && !node.text("master_host").equals(master.get().name())) {
            findings.add(Finding.problem(
                    AREA,
                    "%s follows %s, which is not the master".formatted(node.name(), node.text("master_host")),
                    "Wait ten seconds for the Sentinels to correct it; if they do not, restart cluster-" + node.name()
                            + "."));
        }
        if (node.text("slave_read_only").equals("0")) {
            findings.add(Finding.problem(
                    AREA,
                    node.name() + " is a replica that takes writes",
                    "Set it back: docker exec cluster-%s /catga/cli.sh CONFIG SET replica-read-only yes"
                            .formatted(node.name())));
        }
    }

    private static void safety(RedisNode node, List<Finding> findings) {
        String container = "cluster-" + node.name();
        if (node.number("loading") == 1) {
            findings.add(Finding.warning(AREA, node.name() + " is reading its data", "Look again in half a minute."));
        }
        if (!node.text("maxmemory_policy").equals("noeviction")) {
            findings.add(Finding.problem(
                    AREA,
                    "%s evicts data when it is full (%s): orders would disappear"
                            .formatted(node.name(), node.text("maxmemory_policy")),
                    "Set it back: docker exec %s /catga/cli.sh CONFIG SET maxmemory-policy noeviction"
                            .formatted(container)));
        }
        if (node.number("evicted_keys") > 0) {
            findings.add(Finding.problem(
                    AREA,
                    "%s has evicted %d keys: orders may be lost".formatted(node.name(), node.number("evicted_keys")),
                    "Restore what is missing from a backup, and keep maxmemory-policy at noeviction."));
        }
        if (node.number("aof_enabled") != 1) {
            findings.add(Finding.problem(
                    AREA,
                    node.name() + " writes no append-only file: a restart would lose its data",
                    "Turn it on: docker exec %s /catga/cli.sh CONFIG SET appendonly yes".formatted(container)));
        } else if (!node.text("aof_last_write_status").equals("ok")) {
            findings.add(Finding.problem(
                    AREA,
                    node.name() + " could not write its append-only file",
                    "Make room on the disk; 'docker logs --tail 50 %s' has the cause.".formatted(container)));
        } else if (!node.text("aof_last_bgrewrite_status").equals("ok")) {
            findings.add(Finding.warning(
                    AREA,
                    node.name() + " could not rewrite its append-only file, which grows on",
                    "Make room on the disk, then: docker exec %s /catga/cli.sh BGREWRITEAOF".formatted(container)));
        }
        long limit = node.number("maxmemory");
        if (limit > 0 && node.number("used_memory") > NEARLY_FULL * limit) {
            String what = "%s uses %.0f %% of its memory, and refuses writes when it is full"
                    .formatted(node.name(), 100.0 * node.number("used_memory") / limit);
            String fix = "Raise maxmemory in docker/redis/redis.conf and the container's limit with it.";
            findings.add(
                    node.number("used_memory") > FULL * limit
                            ? Finding.problem(AREA, what, fix)
                            : Finding.warning(AREA, what, fix));
        }
    }

    private static void versions(Facts facts, List<Finding> findings) {
        Map<String, String> versions = new TreeMap<>();
        facts.redis().forEach(node -> versions.put(node.name(), node.text("redis_version")));
        if (Set.copyOf(versions.values()).size() > 1) {
            findings.add(Finding.warning(
                    AREA, "the nodes are of different versions: " + versions, "Finish the update: ./start-cluster.sh"));
        }
    }
}
