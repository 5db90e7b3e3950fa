package io.catga.doctor;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What was seen of the cluster and of the machine that it runs on, all at nearly the same time.
 *
 * @param host       the machine
 * @param containers of the cluster, also those that do not run; empty where there is no cluster
 * @param ports      of this machine that the cluster is reached by
 * @param clocks     how far other clocks are from this machine's
 * @param nats       the nodes of NATS that answered
 * @param redis      the nodes of Redis that answered
 * @param sentinels  the Sentinels that answered
 * @param apps       the instances of the applications that answered
 * @param metrics    what Prometheus knows; empty where it did not answer
 */
record Facts(
        Host host,
        List<Container> containers,
        List<Port> ports,
        List<Clock> clocks,
        List<NatsNode> nats,
        List<RedisNode> redis,
        List<Sentinel> sentinels,
        List<App> apps,
        Optional<Metrics> metrics) {

    /**
     * The engine and its machine.
     *
     * @param engine version of the Docker engine; empty where none answers
     * @param cause  why none answers
     */
    record Host(Optional<String> engine, String cause, Machine machine) {}

    /**
     * A port of this machine that the cluster publishes.
     *
     * @param owner   the container that should have it
     * @param running whether that runs
     * @param answers whether somebody accepts connections there
     */
    record Port(int number, String owner, boolean running, boolean answers) {}

    /**
     * Another clock.
     *
     * @param skew        how far it is ahead of this machine's
     * @param uncertainty half of the time that asking took
     */
    record Clock(String name, Duration skew, Duration uncertainty) {}

    List<Container> running() {
        return containers.stream().filter(one -> one.state().equals("running")).toList();
    }
}
