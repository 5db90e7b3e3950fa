package io.catga.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;

/** Whether an order costs more when a million are stored than when a thousand are. */
final class StoredScenario implements Scenario {

    private static final int FEW = 1000;
    private static final int ROUNDED_TO = 100_000;
    /** Of a container's memory, what Redis may take for data: it also needs some for its replicas and for rewriting its log. */
    private static final double USABLE = 0.75;

    private static final double MEGA = 1e6;

    @Override
    public Outcome.Draft run(Lab lab) throws Exception {
        Cluster cluster = lab.cluster();
        int clients = lab.usualClients();
        Outcome.Draft draft = new Outcome.Draft();
        if (lab.arguments().forget()) {
            cluster.forget();
        }
        // Undone last: with its old limit and all those orders Redis would refuse every write.
        long limit = limit(cluster);
        lab.undo().later("give Redis back its limit of memory", () -> limit(cluster, limit));
        Seed seed = new Seed(cluster);
        AtomicInteger written = new AtomicInteger();
        lab.undo().later("remove the orders that were written for this", () -> remove(seed, written.get()));
        if (cluster.orders() < FEW) {
            written.set(FEW);
            seed.write(0, FEW);
        }
        Measurement few = lab.measure(
                "orders, %d clients, %s stored".formatted(clients, thousands(cluster.orders())),
                () -> lab.round(lab.orders(), Lab.clients(clients), clients));

        written.set(Math.max(written.get(), 10_000));
        double bytes = seed.bytesEach();
        int many = fit(lab, bytes, limit, draft);
        Lab.say("  writing %d orders of %.0f bytes", many, bytes);
        written.set(many);
        seed.write(0, many);
        Measurement more = lab.measure(
                "orders, %d clients, %s stored".formatted(clients, thousands(cluster.orders())),
                () -> lab.round(lab.orders(), Lab.clients(clients), clients));
        return draft.add(few)
                .add(more)
                .add(
                        "throughput, many / few",
                        more.figure(Measurement.PER_SECOND).per(few.figure(Measurement.PER_SECOND)))
                .add(
                        "processor time of an order, many / few",
                        more.figure(Measurement.PROCESSOR).per(few.figure(Measurement.PROCESSOR)))
                .add("memory of an order that is a week old, bytes", Figure.of(bytes))
                .note(
                        "The stored orders are written as order-service leaves them after a week, when the records of their keys,"
                                + " their changes and their notifications have expired; ten to a customer.");
    }

    /** As many as are asked for, or the most that fit; gives Redis more memory for the time being where it needs it. */
    private static int fit(Lab lab, double bytes, long limit, Outcome.Draft draft) throws IOException {
        Cluster cluster = lab.cluster();
        int many = lab.arguments().stored();
        try (Redis redis = cluster.master()) {
            long container = Long.parseLong(
                    cluster.commands().tell("docker", "inspect", "-f", "{{.HostConfig.Memory}}", "cluster-redis-1"));
            double room = (container == 0 ? Double.MAX_VALUE : container * USABLE) - Seed.used(redis);
            if (bytes * many > room) {
                many = Math.max(FEW, (int) (room / bytes) / ROUNDED_TO * ROUNDED_TO);
                draft.note(String.format(
                        Locale.ROOT,
                        "%d orders of %.0f bytes do not fit into a container with %.0f MB: %d do.",
                        lab.arguments().stored(),
                        bytes,
                        container / MEGA,
                        many));
            }
            double needed = Seed.used(redis) + bytes * many;
            if (limit > 0 && needed > limit * USABLE) {
                long raised = Math.round(container == 0 ? needed / USABLE : container * (1 + USABLE) / 2);
                limit(cluster, raised);
                draft.note(String.format(
                        Locale.ROOT,
                        "Redis, which may use %.0f MB, was given %.0f MB for this.",
                        limit / MEGA,
                        raised / MEGA));
            }
        }
        return many;
    }

    private static long limit(Cluster cluster) throws IOException {
        try (Redis redis = cluster.master()) {
            return Long.parseLong(
                    (String) redis.list("CONFIG", "GET", "maxmemory").get(1));
        }
    }

    private static void limit(Cluster cluster, long bytes) {
        try {
            cluster.onEachRedis("CONFIG", "SET", "maxmemory", Long.toString(bytes));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void remove(Seed seed, int written) {
        try {
            Lab.say("  removing what was written for this");
            seed.remove(0, written);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String thousands(long number) {
        if (number < 10_000) {
            return String.format(Locale.ROOT, "%.1f k", number / 1e3);
        }
        return number < ROUNDED_TO * 5
                ? String.format(Locale.ROOT, "%.0f k", number / 1e3)
                : String.format(Locale.ROOT, "%.2f M", number / 1e6);
    }
}
