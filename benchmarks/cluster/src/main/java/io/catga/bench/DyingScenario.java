package io.catga.bench;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** What clients notice when an order-service is killed and started again. */
final class DyingScenario implements Scenario {

    private static final double SHARE = 0.5;
    /** Enough to start again in. */
    private static final Duration LEAST = Duration.ofSeconds(15);

    private static final Duration READY = Duration.ofMinutes(2);

    @Override
    public Outcome.Draft run(Lab lab) throws Exception {
        double rate = Math.max(1, Math.floor(SHARE * lab.capacity()));
        Duration asked = Duration.ofSeconds(lab.arguments().seconds());
        Duration time = asked.compareTo(LEAST) > 0 ? asked : LEAST;
        List<String> instances = lab.cluster().namesOf("order-service");
        String victim = instances.get(instances.size() / 2);
        Commands commands = lab.cluster().commands();
        Measurement measured;
        try (ExecutorService hand = Executors.newSingleThreadExecutor()) {
            measured = lab.measure(
                    String.format(Locale.ROOT, "orders, %.0f a second, an order-service dies", rate), () -> {
                        lab.undo().later("start " + victim, () -> commands.docker("start", victim));
                        CompletableFuture<Void> fault = CompletableFuture.runAsync(
                                () -> killAndStart(commands, victim, time.dividedBy(3)), hand);
                        Round round = lab.round(
                                lab.orders(), Lab.rate(rate), Lab.CONNECTIONS, time, LoadGenerator.Watcher.NONE);
                        fault.join();
                        lab.cluster().awaitReady(instances, READY);
                        lab.warmUpAgain();
                        return round;
                    });
        }
        return new Outcome.Draft()
                .add(measured)
                .add("requests that failed", measured.figure(Measurement.FAILED))
                .add("longest time without an accepted order, ms", measured.figure(Measurement.GAP))
                .add("P99 of all, ms", measured.figure(Measurement.P99))
                .note(
                        "Killed after a third of the %d s of a round, started again after two thirds. Clients try nothing again."
                                .formatted(time.toSeconds()));
    }

    private static void killAndStart(Commands commands, String victim, Duration third) {
        try {
            LoadGenerator.pause(third);
            commands.docker("kill", victim);
            LoadGenerator.pause(third);
            commands.docker("start", victim);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
