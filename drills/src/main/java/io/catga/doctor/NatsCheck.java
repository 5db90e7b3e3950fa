package io.catga.doctor;

import io.catga.doctor.NatsNode.Consumer;
import io.catga.doctor.NatsNode.Replica;
import io.catga.doctor.NatsNode.Stream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * NATS: its nodes, the routes between them, JetStream's quorum, the streams and their consumers.
 *
 * <p>How far replicas are is known to the leader of each group only; what the others say of it is not looked at.
 */
final class NatsCheck {

    private static final String AREA = "nats";

    private static final double NEAR_THE_LIMIT = 0.8;
    private static final long MANY_PENDING = 1_000;
    /** A leader that was just killed is replaced within 4 to 8 s, and with it the delivery goes on. */
    private static final Duration STALLED = Duration.ofSeconds(15);

    private static final String EVENTS = "CATGA_EVENTS";
    private static final List<String> NEEDED = List.of(EVENTS, "CATGA_DEAD_LETTERS");

    private static final String LEADERLESS =
            "Start the NATS nodes that are down; the election takes up to 8 s once two of three run.";

    private NatsCheck() {}

    static List<Finding> findings(Facts facts) {
        List<Finding> findings = new ArrayList<>();
        facts.containers().stream()
                .filter(container -> container.kind().equals("nats") && container.isRunning())
                .filter(container ->
                        facts.nats().stream().noneMatch(node -> node.name().equals(container.service())))
                .forEach(container -> findings.add(Finding.problem(
                        AREA,
                        container.name() + " does not answer on its monitoring port",
                        "See 'docker logs --tail 50 %s', and restart it.".formatted(container.name()))));
        if (facts.nats().isEmpty()) {
            findings.add(Finding.problem(
                    AREA, "no node of NATS answers: no order can be placed", "Start them: ./start-cluster.sh"));
            return findings;
        }
        facts.nats().forEach(node -> node(node, facts.nats(), findings));
        quorum(facts.nats(), findings);
        versions(facts.nats(), findings);
        streams(facts, findings);
        missing(facts, findings);
        if (findings.isEmpty()) {
            findings.add(summary(facts.nats()));
        }
        return findings;
    }

    private static Finding summary(List<NatsNode> nodes) {
        Set<String> streams = new TreeSet<>();
        Set<String> consumers = new TreeSet<>();
        nodes.forEach(node -> node.streams().forEach(stream -> {
            streams.add(stream.name());
            stream.consumers().forEach(consumer -> consumers.add(stream.name() + '/' + consumer.name()));
        }));
        return Finding.ok(
                AREA,
                "%d nodes of version %s, %s leads JetStream, %d streams and %d consumers are replicated and read"
                        .formatted(
                                nodes.size(),
                                nodes.getFirst().version(),
                                nodes.getFirst().metaLeader(),
                                streams.size(),
                                consumers.size()));
    }

    private static void node(NatsNode node, List<NatsNode> all, List<Finding> findings) {
        if (!node.health().equals("ok")) {
            findings.add(Finding.problem(
                    AREA,
                    "%s says: %s".formatted(node.name(), node.health()),
                    "Wait some seconds if it has just started; else see 'docker logs --tail 50 cluster-%s'."
                            .formatted(node.name())));
        }
        all.stream()
                .map(NatsNode::name)
                .filter(other -> !other.equals(node.name()) && !node.routes().contains(other))
                .forEach(other -> findings.add(Finding.problem(
                        AREA,
                        "%s has no route to %s".formatted(node.name(), other),
                        "See whether both are in cluster-network, and restart the one that the others miss.")));
        if (node.slowConsumers() > 0) {
            findings.add(Finding.warning(
                    AREA,
                    "%s has cut off %d clients since it started, as they read too slowly"
                            .formatted(node.name(), node.slowConsumers()),
                    "Look for instances that were paused or had no CPU then; the count begins anew with the node."));
        }
    }

    private static void quorum(List<NatsNode> nodes, List<Finding> findings) {
        NatsNode any = nodes.getFirst();
        if (nodes.size() < any.quorum()) {
            findings.add(Finding.problem(
                    AREA,
                    "%d of %d nodes answer, and JetStream needs %d: events are not published"
                            .formatted(nodes.size(), any.clusterSize(), any.quorum()),
                    "Start the others: ./start-cluster.sh"));
        }
        Set<String> leaders = nodes.stream().map(NatsNode::metaLeader).collect(Collectors.toCollection(TreeSet::new));
        if (leaders.contains("")) {
            findings.add(Finding.problem(
                    AREA,
                    "%s knows no leader of JetStream"
                            .formatted(nodes.stream()
                                    .filter(node -> node.metaLeader().isEmpty())
                                    .map(NatsNode::name)
                                    .collect(Collectors.joining(", "))),
                    LEADERLESS));
        } else if (leaders.size() > 1) {
            findings.add(Finding.problem(
                    AREA,
                    "the nodes disagree about who leads JetStream: " + String.join(", ", leaders),
                    "Look again in some seconds; if it stays, see whether all are in cluster-network."));
        }
        nodes.stream()
                .filter(node -> node.metaLeader().equals(node.name()))
                .forEach(leader -> replicas("JetStream's metadata", leader.metaReplicas(), findings));
    }

    private static void replicas(String what, List<Replica> others, List<Finding> findings) {
        for (Replica replica : others) {
            if (replica.offline() || !replica.current()) {
                findings.add(Finding.warning(
                        AREA,
                        "the replica of %s on %s is %s"
                                .formatted(
                                        what,
                                        replica.name(),
                                        replica.offline()
                                                ? "offline"
                                                : "not current"
                                                        + (replica.lag() > 0
                                                                ? ", %d operations behind".formatted(replica.lag())
                                                                : "")),
                        "It catches up by itself once cluster-%s runs; until then the next node to fail stops it."
                                .formatted(replica.name())));
            }
        }
    }

    private static void versions(List<NatsNode> nodes, List<Finding> findings) {
        Map<String, String> versions = new TreeMap<>();
        nodes.forEach(node -> versions.put(node.name(), node.version()));
        if (Set.copyOf(versions.values()).size() > 1) {
            findings.add(Finding.warning(
                    AREA, "the nodes are of different versions: " + versions, "Finish the update: ./start-cluster.sh"));
        }
    }

    private static void streams(Facts facts, List<Finding> findings) {
        Map<String, List<Stream>> byName = new TreeMap<>();
        Map<String, Stream> led = new TreeMap<>();
        Map<String, Consumer> consumers = new TreeMap<>();
        Set<String> leaderless = new TreeSet<>();
        for (NatsNode node : facts.nats()) {
            for (Stream stream : node.streams()) {
                byName.computeIfAbsent(stream.name(), any -> new ArrayList<>()).add(stream);
                if (stream.leader().equals(node.name())) {
                    led.put(stream.name(), stream);
                }
                for (Consumer consumer : stream.consumers()) {
                    String name = stream.name() + '/' + consumer.name();
                    if (consumer.leader().equals(node.name())) {
                        consumers.put(name, consumer);
                    } else {
                        leaderless.add(name);
                    }
                }
            }
        }
        byName.forEach((name, seen) -> {
            Stream stream = led.get(name);
            if (stream == null) {
                findings.add(Finding.problem(
                        AREA, "the stream %s has no leader: nothing is published to it".formatted(name), LEADERLESS));
            } else {
                stream(stream, findings);
            }
        });
        leaderless.removeAll(consumers.keySet());
        leaderless.forEach(name -> findings.add(Finding.problem(
                AREA, "the consumer %s has no leader: it delivers nothing".formatted(name), LEADERLESS)));
        Set<String> instances = facts.containers().stream().map(Container::name).collect(Collectors.toSet());
        consumers.forEach((name, consumer) -> consumer(name, consumer, instances, findings));
    }

    private static void missing(Facts facts, List<Finding> findings) {
        if (facts.nats().stream().allMatch(node -> node.metaLeader().isEmpty())) {
            // Then what the nodes say of streams is no answer.
            return;
        }
        Map<String, Set<String>> consumers = new TreeMap<>();
        facts.nats().stream().flatMap(node -> node.streams().stream()).forEach(stream -> {
            Set<String> names = consumers.computeIfAbsent(stream.name(), any -> new TreeSet<>());
            stream.consumers().forEach(consumer -> names.add(consumer.name()));
        });
        for (String stream : NEEDED) {
            if (!consumers.containsKey(stream)) {
                findings.add(Finding.problem(
                        AREA,
                        "there is no stream %s: what should be in it is not kept".formatted(stream),
                        "Restart an instance that makes it: docker restart cluster-notification-service-1"));
            }
        }
        Set<String> known = consumers.get(EVENTS);
        if (known != null) {
            facts.running().stream()
                    .filter(container -> container.kind().equals("notification-service")
                            && !container.health().equals("starting"))
                    .map(Container::name)
                    .filter(name -> !known.contains(name))
                    .forEach(name -> findings.add(Finding.problem(
                            AREA,
                            "%s has no consumer: it receives no events".formatted(name),
                            "Restart it, it makes its consumer then: docker restart " + name)));
        }
    }

    private static void stream(Stream stream, List<Finding> findings) {
        replicas(stream.name(), stream.others(), findings);
        if (stream.replicas() < 3) {
            findings.add(Finding.warning(
                    AREA,
                    "the stream %s has %d replicas: it does not survive the loss of a node"
                            .formatted(stream.name(), stream.replicas()),
                    "Set catga.nats.replicas to 3 and restart order-service, which brings the stream to it."));
        }
        if (stream.maxBytes() > 0 && stream.bytes() > NEAR_THE_LIMIT * stream.maxBytes()) {
            findings.add(Finding.warning(
                    AREA,
                    "the stream %s is %.0f %% full, and drops its oldest events when it is full"
                            .formatted(stream.name(), 100.0 * stream.bytes() / stream.maxBytes()),
                    "Raise its limit, or see that every consumer is up to date before that."));
        }
    }

    private static void consumer(String name, Consumer consumer, Set<String> instances, List<Finding> findings) {
        replicas(name, consumer.others(), findings);
        if (consumer.maxAckPending() > 0 && consumer.ackPending() >= NEAR_THE_LIMIT * consumer.maxAckPending()) {
            String what = "%d of at most %d events of %s are delivered and not acknowledged"
                    .formatted(consumer.ackPending(), consumer.maxAckPending(), name);
            String fix = "See why %s does not finish them: docker logs --tail 50 %s"
                    .formatted(consumer.name(), consumer.name());
            findings.add(
                    consumer.ackPending() >= consumer.maxAckPending()
                            ? Finding.problem(AREA, what + ": it gets no more", fix)
                            : Finding.warning(AREA, what, fix));
        }
        // Also those that it has and does not finish; but what failed comes again after a pause, and has its own
        // finding.
        long waiting = consumer.pending() + Math.max(0, consumer.ackPending() - consumer.redelivered());
        if (waiting > 0 && isSilent(consumer)) {
            findings.add(
                    instances.contains(consumer.name())
                            ? Finding.problem(
                                    AREA,
                                    "%d events wait for %s, which has taken none for %s"
                                            .formatted(waiting, name, silence(consumer)),
                                    "Restart it: docker restart " + consumer.name())
                            : Finding.warning(
                                    AREA,
                                    "%d events wait for %s, an instance that is not there any more"
                                            .formatted(waiting, name),
                                    "Start it again, or leave it: its position is forgotten after 7 days."));
        } else if (consumer.pending() >= MANY_PENDING) {
            findings.add(Finding.warning(
                    AREA,
                    "%s is %d events behind".formatted(name, consumer.pending()),
                    "Look again: if the number does not fall, see 'docker logs --tail 50 %s'."
                            .formatted(consumer.name())));
        }
        if (consumer.redelivered() > 0) {
            findings.add(Finding.warning(
                    AREA,
                    "%d events of %s are being delivered again".formatted(consumer.redelivered(), name),
                    "See why their handling fails: docker logs --tail 50 " + consumer.name()));
        }
    }

    private static boolean isSilent(Consumer consumer) {
        return consumer.seen()
                .filter(now -> consumer.lastDelivery()
                        .map(last -> Duration.between(last, now).compareTo(STALLED) > 0)
                        .orElse(true))
                .isPresent();
    }

    private static String silence(Consumer consumer) {
        return consumer.seen()
                .flatMap(now -> consumer.lastDelivery().map(last -> Duration.between(last, now)))
                .map(silence -> String.format(Locale.ROOT, "%d s", silence.toSeconds()))
                .orElse("as long as it is there");
    }
}
