package io.catga.doctor;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The applications as they see themselves, what waits in the outbox, what was given up, and who is measured. */
final class AppCheck {

    private static final String AREA = "apps";
    static final Set<String> KINDS = Set.of("order-api", "order-service", "notification-service");

    private static final double MANY_WAITING = 1_000;
    private static final double OLD = 10;
    private static final double TOO_OLD = 60;

    private AppCheck() {}

    static List<Finding> findings(Facts facts) {
        List<Finding> findings = new ArrayList<>();
        health(facts, findings);
        facts.metrics()
                .ifPresentOrElse(
                        metrics -> {
                            outbox(metrics, findings);
                            deadLetters(metrics, findings);
                            targets(facts, metrics, findings);
                        },
                        () -> findings.add(Finding.warning(
                                "prometheus",
                                "Prometheus does not answer: outbox, dead letters and metrics are unknown",
                                "Start it: docker start cluster-prometheus")));
        return findings;
    }

    private static void health(Facts facts, List<Finding> findings) {
        int before = findings.size();
        for (App app : facts.apps()) {
            app.parts().forEach((part, status) -> {
                if (!status.equals("UP") && !status.equals("UNKNOWN")) {
                    findings.add(Finding.problem(
                            AREA,
                            "%s says that %s is %s".formatted(app.name(), part, status),
                            fixOf(part, app.name())));
                }
            });
        }
        Set<String> answered = facts.apps().stream().map(App::name).collect(Collectors.toCollection(TreeSet::new));
        facts.running().stream()
                .filter(container ->
                        KINDS.contains(container.kind()) && !container.health().equals("starting"))
                .filter(container -> !answered.contains(container.name()))
                .forEach(container -> findings.add(Finding.warning(
                        AREA,
                        container.name() + " did not answer what its health is",
                        "Look again; if it stays, see 'docker logs --tail 50 %s'.".formatted(container.name()))));
        if (findings.size() == before) {
            findings.add(Finding.ok(
                    AREA,
                    "%d instances say that all they need is up"
                            .formatted(facts.apps().size())));
        }
    }

    private static String fixOf(String part, String name) {
        return switch (part) {
            case "nats" -> "Mend NATS first; if it is well, restart the instance: docker restart " + name;
            case "redis" -> "Mend Redis first; if it is well, restart the instance: docker restart " + name;
            case "outbox" -> "Mend NATS first: events wait until they can be published, and are not lost.";
            case "diskSpace" -> "Make room on the disk.";
            default -> "Its log says why: docker logs --tail 50 " + name;
        };
    }

    private static void outbox(Metrics metrics, List<Finding> findings) {
        if (metrics.outboxAge().isEmpty()) {
            findings.add(Finding.warning(
                    "outbox",
                    "no order-service says how much waits in the outbox",
                    "Mend Redis and order-service first; the metrics follow within ten seconds."));
            return;
        }
        double age = metrics.outboxAge().get();
        double size = metrics.outboxSize().orElse(0.0);
        String what = String.format(Locale.ROOT, "%.0f events wait in the outbox, the oldest for %.1f s", size, age);
        String fix = "See that NATS has a leader of its streams and that an order-service runs, which publishes them.";
        if (age > TOO_OLD) {
            findings.add(Finding.problem("outbox", what, fix));
        } else if (age > OLD || size > MANY_WAITING) {
            findings.add(Finding.warning("outbox", what, fix));
        } else {
            findings.add(Finding.ok("outbox", what));
        }
    }

    private static void deadLetters(Metrics metrics, List<Finding> findings) {
        if (metrics.deadLetters().isEmpty()) {
            findings.add(Finding.warning(
                    "dead letters",
                    "no instance says how many events were given up",
                    "Mend NATS first; the metrics follow within ten seconds."));
            return;
        }
        double letters = metrics.deadLetters().get();
        findings.add(
                letters > 0
                        ? Finding.warning(
                                "dead letters",
                                "%.0f events were given up".formatted(letters),
                                "Look at them, mend the cause, and replay them: ./dead-letters.sh list")
                        : Finding.ok("dead letters", "none"));
    }

    /** As Prometheus finds instances by name service, one that was stopped is no target any more. */
    private static void targets(Facts facts, Metrics metrics, List<Finding> findings) {
        int before = findings.size();
        for (Metrics.Target target : metrics.targets()) {
            if (!target.up()) {
                findings.add(Finding.warning(
                        "prometheus",
                        "%s gives no metrics: %s".formatted(nameOf(target, facts), target.error()),
                        "See that it runs and is not paused; what it does is not counted until then."));
            }
        }
        for (String kind : new TreeSet<>(KINDS)) {
            long running = facts.running().stream()
                    .filter(container ->
                            container.kind().equals(kind) && container.health().equals("healthy"))
                    .count();
            long known = metrics.targets().stream()
                    .filter(target -> target.job().equals(kind))
                    .count();
            if (known < running) {
                findings.add(Finding.warning(
                        "prometheus",
                        "Prometheus asks %d of %d instances of %s".formatted(known, running, kind),
                        "Look again in ten seconds; if it stays, see that they answer to the name %s in cluster-network."
                                .formatted(kind)));
            }
        }
        if (findings.size() == before) {
            findings.add(Finding.ok(
                    "prometheus",
                    "%d targets give metrics".formatted(metrics.targets().size())));
        }
    }

    private static String nameOf(Metrics.Target target, Facts facts) {
        String address = target.address().replaceFirst(":\\d+$", "");
        return facts.containers().stream()
                .filter(container -> container.addresses().contains(address))
                .map(Container::name)
                .findFirst()
                .orElse(target.job() + " at " + target.address());
    }
}
