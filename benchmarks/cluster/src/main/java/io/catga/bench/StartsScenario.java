package io.catga.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

/** How long an application takes to be ready, alone and with the seven others, and how much memory each needs under load. */
final class StartsScenario implements Scenario {

    private static final Duration READY = Duration.ofMinutes(3);
    private static final long POLL_MILLIS = 10;
    private static final long SAMPLE_MILLIS = 1000;
    private static final double MEGA = 1e6;

    @Override
    public Outcome.Draft run(Lab lab) throws Exception {
        Cluster cluster = lab.cluster();
        List<String> apps = cluster.appNames();
        String one = cluster.namesOf("order-api").getFirst();
        lab.undo().later("start the applications", () -> cluster.commands().docker(List.of("start"), apps));
        List<Double> alone = new ArrayList<>();
        List<Double> together = new ArrayList<>();
        for (int i = 0; i < lab.arguments().rounds(); i++) {
            alone.add(start(cluster, List.of(one)));
            Lab.say("  %s is ready after %.2f s", one, alone.getLast());
            together.add(start(cluster, apps));
            Lab.say("  all %d are ready after %.2f s", apps.size(), together.getLast());
        }
        Outcome.Draft draft = new Outcome.Draft()
                .add("one order-api, from start to ready, s", Figure.of(alone))
                .add("all " + apps.size() + " applications at once, from start to ready, s", Figure.of(together));
        // nginx asks Docker for the new addresses once a second.
        LoadGenerator.pause(Duration.ofSeconds(3));
        lab.warmUpAgain();
        memory(lab, apps, draft);
        return draft.note("Ready is the first 200 of /health, asked for every "
                + POLL_MILLIS + " ms. Memory is the highest of those seen every second under load, as docker stats"
                + " counts it: without files that are only cached.");
    }

    /** Seconds from the start command until each of them answers. */
    private static double start(Cluster cluster, List<String> containers) throws InterruptedException {
        cluster.commands().docker(List.of("stop"), containers);
        long begun = System.nanoTime();
        // In the background: the first may be ready before Docker has returned from starting the last.
        CompletableFuture<List<String>> started =
                CompletableFuture.supplyAsync(() -> cluster.commands().docker(List.of("start"), containers));
        long until = begun + READY.toNanos();
        List<String> open = new ArrayList<>(containers);
        Map<String, String> addresses = new LinkedHashMap<>();
        while (!open.isEmpty()) {
            if (System.nanoTime() > until) {
                throw new Failed("not ready after %d s: %s".formatted(READY.toSeconds(), open));
            }
            for (String container : List.copyOf(open)) {
                // Docker gives a new address with each start.
                String address = addresses.computeIfAbsent(container, cluster::address);
                if (address.equals("http://:8080")) {
                    addresses.remove(container);
                } else if (cluster.isReady(address)) {
                    open.remove(container);
                }
            }
            LoadGenerator.pause(Duration.ofMillis(POLL_MILLIS));
        }
        double seconds = (System.nanoTime() - begun) / 1e9;
        started.join();
        return seconds;
    }

    private static void memory(Lab lab, List<String> apps, Outcome.Draft draft) throws Exception {
        Map<String, Double> highest = new LinkedHashMap<>();
        AtomicBoolean done = new AtomicBoolean();
        double[] sum = new double[1];
        Thread sampler = Thread.ofPlatform().daemon().name("memory").start(() -> {
            while (!done.get()) {
                double all = 0;
                for (Map.Entry<String, Long> used :
                        lab.engine().memoryBytes(apps).entrySet()) {
                    highest.merge(used.getKey(), used.getValue() / MEGA, Math::max);
                    all += used.getValue() / MEGA;
                }
                sum[0] = Math.max(sum[0], all);
                try {
                    LoadGenerator.pause(Duration.ofMillis(SAMPLE_MILLIS));
                } catch (InterruptedException e) {
                    return;
                }
            }
        });
        int clients = lab.usualClients();
        draft.add(lab.measure(
                "orders, %d clients, while memory is watched".formatted(clients),
                () -> lab.round(lab.orders(), Lab.clients(clients), clients)));
        done.set(true);
        sampler.interrupt();
        sampler.join();
        highest.forEach((app, used) -> draft.add("memory of " + app + ", MB", Figure.of(used)));
        draft.add("memory of all applications, MB", Figure.of(sum[0]));
    }
}
