package io.catga.drill;

import io.catga.drill.Fault.Target;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * One thing that may go wrong, and what is promised meanwhile.
 *
 * @param name    by which it is called
 * @param title   what is done, for people
 * @param hold    how long it stays broken
 * @param removes whether containers are removed, with their logs
 * @param extra   a further promise; gives what was not kept
 */
record Drill(
        String name,
        String title,
        Fault fault,
        Duration hold,
        Promise promise,
        boolean removes,
        Function<History, Optional<String>> extra) {

    private static final Duration SECOND = Duration.ofSeconds(1);
    /** Long enough for a time-out, a failover, and whatever comes of them. */
    private static final Duration HOLD = Duration.ofSeconds(8);

    private static final String SOME_API = "cluster-order-api-2";
    private static final String SOME_SERVICE = "cluster-order-service-2";
    private static final String DISCONNECTED = "cluster-order-service-3";
    private static final String SOME_SENTINEL = "cluster-sentinel-2";

    private static Drill of(String name, String title, Fault fault, Promise promise) {
        return new Drill(name, title, fault, HOLD, promise, false, any -> Optional.empty());
    }

    private Drill holding(Duration time) {
        return new Drill(name, title, fault, time, promise, removes, extra);
    }

    private Drill removing() {
        return new Drill(name, title, fault, hold, promise, true, extra);
    }

    private Drill with(Function<History, Optional<String>> further) {
        return new Drill(name, title, fault, hold, promise, removes, further);
    }

    /** All drills, in the order of the README's table. */
    static List<Drill> all() {
        List<Drill> all = new ArrayList<>();
        Promise second = Promise.noFailure(SECOND);
        Promise two = Promise.noFailure(Duration.ofSeconds(2));
        all.add(of(
                "order-service-stop", "an order-service is stopped", Fault.stop(Target.named(SOME_SERVICE)), second));
        all.add(of("order-service-kill", "an order-service is killed", Fault.kill(Target.named(SOME_SERVICE)), second));
        all.add(of(
                        "order-service-kill-two",
                        "two of three order-services are killed at once",
                        Fault.kill(Target.named("cluster-order-service-1", SOME_SERVICE)),
                        Promise.failuresBelow(0.001, Duration.ofSeconds(2)))
                .holding(Duration.ofSeconds(12)));
        all.add(of("order-api-stop", "an order-api is stopped", Fault.stop(Target.named(SOME_API)), second));
        all.add(of("order-api-kill", "an order-api is killed", Fault.kill(Target.named(SOME_API)), second));
        all.add(of("order-api-pause", "an order-api hangs", Fault.pause(Target.named(SOME_API)), second)
                .holding(Duration.ofSeconds(12)));
        all.addAll(nats("leader", "the NATS node that leads the stream", Target.natsLeader(), second));
        all.addAll(nats("busiest", "the NATS node with most clients", Target.natsBusiest(), second));
        all.addAll(nats("other", "another NATS node", Target.natsOther(), second));
        Promise failover = Promise.failuresBelow(0.01, Duration.ofSeconds(5));
        all.add(of("redis-master-stop", "the Redis master is stopped", Fault.stop(Target.redisMaster()), failover));
        all.add(of("redis-master-kill", "the Redis master is killed", Fault.kill(Target.redisMaster()), failover));
        all.add(of(
                        "redis-master-crash",
                        "the Redis master is killed and started again at once",
                        Fault.kill(Target.redisMaster()),
                        failover)
                .holding(Duration.ofMillis(300)));
        all.add(of("redis-master-pause", "the Redis master hangs", Fault.pause(Target.redisMaster()), failover));
        all.add(of("redis-master-replace", "a living Redis master is replaced", Fault.failover(), failover));
        all.add(of(
                        "redis-master-cut-off",
                        "the Redis master is cut off from replicas and Sentinels, not from its clients",
                        Fault.cutOffRedisMaster(),
                        failover)
                .holding(Duration.ofSeconds(12)));
        all.add(of("redis-replica-stop", "a Redis replica is stopped", Fault.stop(Target.redisReplica()), two));
        all.add(of("redis-replica-kill", "a Redis replica is killed", Fault.kill(Target.redisReplica()), two));
        all.add(of("redis-replica-pause", "a Redis replica hangs", Fault.pause(Target.redisReplica()), two));
        all.add(of("sentinel-stop", "a Sentinel is stopped", Fault.stop(Target.named(SOME_SENTINEL)), two));
        all.add(of("sentinel-kill", "a Sentinel is killed", Fault.kill(Target.named(SOME_SENTINEL)), two));
        all.add(of("sentinel-pause", "a Sentinel hangs", Fault.pause(Target.named(SOME_SENTINEL)), two));
        all.add(of(
                        "order-service-disconnect",
                        "an order-service is cut off from the network",
                        Fault.disconnect(Target.named(DISCONNECTED)),
                        Promise.noFailure(Duration.ofSeconds(3)))
                .with(history -> worksAgain(DISCONNECTED, Duration.ofSeconds(5), history)));
        all.add(of(
                        "notification-away",
                        "a notification-service is away for a minute",
                        Fault.stop(Target.named("cluster-notification-service-1")),
                        second)
                .holding(Duration.ofMinutes(1)));
        all.add(of(
                        "scale",
                        "order-service is scaled from 3 to 5, to 2, to 3",
                        Fault.scale(5, 2),
                        second.withoutRedelivery())
                .holding(Duration.ofSeconds(3))
                .removing());
        all.add(of(
                        "rolling-restart",
                        "every instance of the three apps is restarted in turn",
                        Fault.rollingRestart(),
                        second.withoutRedelivery())
                .holding(Duration.ZERO));
        all.add(of(
                        "rolling-update",
                        "the three apps are replaced by new images, in turn",
                        Fault.rollingUpdate(),
                        second.withoutRedelivery())
                .holding(Duration.ZERO)
                .removing());
        all.add(of(
                "nats-majority",
                "two of three NATS nodes are killed",
                Fault.kill(cluster -> List.of(cluster.natsLeader(), cluster.natsOther())),
                second));
        all.add(of(
                "redis-majority",
                "the Redis master and both replicas are killed",
                Fault.kill(cluster -> Stream.concat(Stream.of(cluster.redisMaster()), cluster.redisReplicas().stream())
                        .toList()),
                Promise.refusal(Duration.ofMillis(2500))));
        all.add(of(
                        "everything-kill",
                        "every container is killed at once, and all are started again",
                        Fault.kill(Target.everything()),
                        Promise.safety())
                .holding(Duration.ofSeconds(2)));
        return List.copyOf(all);
    }

    private static List<Drill> nats(String which, String title, Target target, Promise promise) {
        return List.of(
                of("nats-stop-" + which, title + " is stopped", Fault.stop(target), promise),
                of("nats-kill-" + which, title + " is killed", Fault.kill(target), promise));
    }

    private static Optional<String> worksAgain(String instance, Duration within, History history) {
        long first = history.operations().stream()
                .filter(operation -> operation.handledBy().equals(instance) && operation.end() > history.mended())
                .mapToLong(Operation::end)
                .min()
                .orElse(Long.MAX_VALUE);
        long took = first - history.mended();
        return took <= within.toNanos() / 1000
                ? Optional.empty()
                : Optional.of(
                        first == Long.MAX_VALUE
                                ? instance + " did not work again"
                                : String.format(Locale.ROOT, "%s worked again after %.1f s", instance, took / 1e6));
    }
}
