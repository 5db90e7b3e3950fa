package io.catga.bench;

import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * What three instances do more than one. On one machine they share its processors, so each application gets the same small
 * share of one: then it is the instances that are the limit, and not the machine.
 */
final class ScalingScenario implements Scenario {

    /** Of all processors, for all applications together. */
    private static final double SHARE = 0.4;
    /** From here on the machine may be the limit. */
    private static final double FULL = 90;

    private static final int PERIOD_MICROS = 100_000;
    private static final int CLIENTS = 64;
    private static final List<String> SCALED = List.of("order-api", "order-service");
    private static final Duration READY = Duration.ofMinutes(3);
    /** After the number of instances has changed. */
    private static final Duration SETTLE = Duration.ofSeconds(5);

    @Override
    public Outcome.Draft run(Lab lab) throws Exception {
        Cluster cluster = lab.cluster();
        Commands commands = cluster.commands();
        List<String> apps = cluster.appNames();
        double quota = lab.arguments().quota() > 0
                ? lab.arguments().quota()
                : SHARE * Runtime.getRuntime().availableProcessors() / apps.size();
        List<String> others = SCALED.stream()
                .flatMap(app -> cluster.namesOf(app).stream().skip(1))
                .toList();
        // An instance that an earlier scenario has started may be slow yet.
        lab.warmUp(Duration.ofSeconds(lab.arguments().warmUp()));
        lab.undo().later("start " + others, () -> {
            commands.docker(List.of("start"), others);
            awaitReady(cluster, others);
        });
        // Before that: an application that starts with so little takes minutes.
        lab.undo().later("lift the quotas of " + apps, () -> quota(commands, apps, -1));
        quota(commands, apps, Math.round(quota * PERIOD_MICROS));
        Lab.say("  each application may use %.3f of a processor", quota);

        lab.load(lab.orders(), Lab.clients(CLIENTS), CLIENTS, SETTLE, LoadGenerator.Watcher.NONE);
        lab.drain();
        Measurement three = lab.measure(
                "3 instances, %d clients".formatted(CLIENTS),
                () -> lab.round(lab.orders(), Lab.clients(CLIENTS), CLIENTS));
        quota(commands, apps, -1);
        commands.docker(List.of("stop"), others);
        quota(commands, apps, Math.round(quota * PERIOD_MICROS));
        lab.load(lab.orders(), Lab.clients(CLIENTS), CLIENTS, SETTLE, LoadGenerator.Watcher.NONE);
        lab.drain();
        Measurement one = lab.measure(
                "1 instance, %d clients".formatted(CLIENTS),
                () -> lab.round(lab.orders(), Lab.clients(CLIENTS), CLIENTS));
        Figure efficiency = three.figure(Measurement.PER_SECOND)
                .per(one.figure(Measurement.PER_SECOND))
                .times(1.0 / 3);
        Outcome.Draft draft = new Outcome.Draft()
                .add(one)
                .add(three)
                .add("efficiency of three instances, T3 / (3 T1)", efficiency)
                .note(String.format(
                        Locale.ROOT,
                        "Instances of order-api and order-service, each application with %.3f of a processor; NATS, Redis and"
                                + " nginx have no limit.",
                        quota));
        double busy = three.figure(Measurement.BUSY).median();
        return busy < FULL
                ? draft
                : draft.note(String.format(
                        Locale.ROOT,
                        "With three instances the machine was %.0f %% busy, so it may have been the limit: try a smaller --quota.",
                        busy));
    }

    /** By quota and period: what {@code --cpus} sets, the engine cannot take away again. */
    private static void quota(Commands commands, List<String> containers, long micros) {
        commands.docker(
                List.of(
                        "update",
                        "--cpu-period",
                        Integer.toString(PERIOD_MICROS),
                        "--cpu-quota",
                        Long.toString(micros)),
                containers);
    }

    private static void awaitReady(Cluster cluster, List<String> containers) {
        try {
            cluster.awaitReady(containers, READY);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
