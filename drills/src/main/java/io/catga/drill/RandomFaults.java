package io.catga.drill;

import io.catga.drill.Fault.Target;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * One fault after another, of all components, for some minutes. The sequence comes from the seed alone; a run that is
 * slower gets less far in it. The next fault comes when every container is healthy again: one at a time is the promise.
 */
final class RandomFaults implements Fault {

    private static final int LONGEST_SECONDS = 10;

    private enum Kind {
        STOP(Fault::stop),
        KILL(Fault::kill),
        PAUSE(Fault::pause),
        DISCONNECT(Fault::disconnect);

        private final Function<Target, Fault> of;

        Kind(Function<Target, Fault> of) {
            this.of = of;
        }
    }

    /**
     * @param plan what it is, as far as the seed decides it
     * @param hold how long it stays
     * @param calm the pause after it
     */
    record Step(String plan, Fault fault, Duration hold, Duration calm) {}

    private final Random random;
    private final Duration time;
    private final List<String> done = new ArrayList<>();

    RandomFaults(long seed, Duration time) {
        this.random = new Random(seed);
        this.time = time;
    }

    static Drill drill(long seed, Duration time) {
        return new Drill(
                "random-" + seed,
                "random faults, one at a time, seed %d, %d minutes".formatted(seed, time.toMinutes()),
                new RandomFaults(seed, time),
                Duration.ZERO,
                Promise.failuresBelow(0.001, Duration.ofSeconds(5)),
                false,
                any -> Optional.empty());
    }

    @Override
    public String begin(Cluster cluster) throws InterruptedException {
        long began = System.nanoTime();
        while (System.nanoTime() - began < time.toNanos()) {
            Step step = next();
            String what = step.fault().begin(cluster);
            TimeUnit.NANOSECONDS.sleep(step.hold().toNanos());
            step.fault().end(cluster);
            cluster.awaitHealthy(Instant.now());
            done.add(String.format(
                    Locale.ROOT,
                    "%.1f s: %s for %.1f s",
                    (System.nanoTime() - began) / 1e9,
                    what,
                    step.hold().toMillis() / 1e3));
            System.out.println("    " + done.getLast());
            TimeUnit.NANOSECONDS.sleep(step.calm().toNanos());
        }
        return String.join("\n", done);
    }

    @Override
    public void end(Cluster cluster) {
        // each step has been undone
    }

    /** The next of the sequence. */
    Step next() {
        int component = random.nextInt(7);
        int instance = 1 + random.nextInt(3);
        Kind kind = Kind.values()[random.nextInt(Kind.values().length)];
        Duration hold = Duration.ofMillis(500 + random.nextInt(LONGEST_SECONDS * 1000));
        Duration calm = Duration.ofMillis(random.nextInt(3000));
        if (component == 6) {
            return instance == 1
                    ? new Step("cut off the Redis master", Fault.cutOffRedisMaster(), hold, calm)
                    : new Step("replace the Redis master", Fault.failover(), hold, calm);
        }
        String name = switch (component) {
            case 0 -> "cluster-order-api-" + instance;
            case 1 -> "cluster-order-service-" + instance;
            case 2 -> "cluster-notification-service-" + (1 + instance % 2);
            case 3 -> "cluster-nats-" + instance;
            case 4 -> "cluster-redis-" + instance;
            default -> "cluster-sentinel-" + instance;
        };
        return new Step(kind + " " + name, kind.of.apply(Target.named(name)), hold, calm);
    }
}
