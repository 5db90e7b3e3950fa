package io.catga.drill;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Something that goes wrong, and how it is mended. Each is used once at a time. */
interface Fault {

    /** Makes it happen, and returns what was done, for people. */
    String begin(Cluster cluster) throws InterruptedException;

    /** Undoes it. */
    void end(Cluster cluster) throws InterruptedException;

    /** Chooses containers when the time has come: who is master then, for example. */
    @FunctionalInterface
    interface Target {
        List<String> in(Cluster cluster);

        static Target named(String... names) {
            return any -> List.of(names);
        }

        static Target redisMaster() {
            return cluster -> List.of(cluster.redisMaster());
        }

        static Target redisReplica() {
            return cluster -> List.of(cluster.redisReplicas().getFirst());
        }

        static Target natsLeader() {
            return cluster -> List.of(cluster.natsLeader());
        }

        static Target natsBusiest() {
            return cluster -> List.of(cluster.natsBusiest());
        }

        static Target natsOther() {
            return cluster -> List.of(cluster.natsOther());
        }

        static Target everything() {
            return cluster -> cluster.names(any -> true);
        }
    }

    static Fault stop(Target target) {
        return byDocker("stop", "start", target);
    }

    static Fault kill(Target target) {
        return byDocker("kill", "start", target);
    }

    static Fault pause(Target target) {
        return byDocker("pause", "unpause", target);
    }

    private static Fault byDocker(String verb, String undo, Target target) {
        return new Fault() {
            private final List<String> hit = new ArrayList<>();

            @Override
            public String begin(Cluster cluster) {
                hit.addAll(target.in(cluster));
                cluster.docker().run(verb, hit);
                return "docker %s %s".formatted(verb, String.join(" ", hit));
            }

            @Override
            public void end(Cluster cluster) {
                cluster.docker().run(undo, hit);
                hit.clear();
            }
        };
    }

    /** From the cluster's network. */
    static Fault disconnect(Target target) {
        return new Fault() {
            private final List<String> hit = new ArrayList<>();

            @Override
            public String begin(Cluster cluster) {
                hit.addAll(target.in(cluster));
                hit.forEach(name -> cluster.docker().run("network", "disconnect", Cluster.NETWORK, name));
                return "docker network disconnect %s %s".formatted(Cluster.NETWORK, String.join(" ", hit));
            }

            @Override
            public void end(Cluster cluster) {
                hit.forEach(cluster::connect);
                hit.clear();
            }
        };
    }

    /** The Sentinels are told to replace a master that is alive. */
    static Fault failover() {
        return new Fault() {
            @Override
            public String begin(Cluster cluster) {
                cluster.docker()
                        .run(
                                "exec",
                                "cluster-sentinel-1",
                                "/catga/cli.sh",
                                "-p",
                                "26379",
                                "SENTINEL",
                                "FAILOVER",
                                "mymaster");
                return "SENTINEL FAILOVER mymaster";
            }

            @Override
            public void end(Cluster cluster) {
                // the Sentinels make a replica of the old master by themselves
            }
        };
    }

    /**
     * The Redis master neither reaches its replicas nor the Sentinels, but the instances of order-service reach it: they
     * share a second network with it, where it has the name by which they know it.
     */
    static Fault cutOffRedisMaster() {
        return new Fault() {
            private final List<String> hit = new ArrayList<>();

            @Override
            public String begin(Cluster cluster) {
                String master = cluster.redisMaster();
                hit.add(master);
                Docker docker = cluster.docker();
                docker.run("network", "create", Cluster.SIDE_NETWORK);
                cluster.namesOf("order-service")
                        .forEach(name -> docker.run("network", "connect", Cluster.SIDE_NETWORK, name));
                docker.run(
                        "network", "connect", "--alias", master.replace("cluster-", ""), Cluster.SIDE_NETWORK, master);
                docker.run("network", "disconnect", Cluster.NETWORK, master);
                return "%s is cut off from all but order-service".formatted(master);
            }

            @Override
            public void end(Cluster cluster) {
                hit.forEach(cluster::connect);
                hit.clear();
                cluster.removeSideNetwork();
            }
        };
    }

    /** From three instances of order-service to more, to fewer, and back. */
    static Fault scale(int more, int fewer) {
        return new Fault() {
            @Override
            public String begin(Cluster cluster) throws InterruptedException {
                cluster.scale("order-service", more);
                TimeUnit.SECONDS.sleep(3);
                cluster.scale("order-service", fewer);
                return "--scale order-service=%d, then %d".formatted(more, fewer);
            }

            @Override
            public void end(Cluster cluster) {
                cluster.scale("order-service", 3);
            }
        };
    }

    /** Every instance of every application, each when the one before is healthy again. */
    static Fault rollingRestart() {
        return new Fault() {
            @Override
            public String begin(Cluster cluster) throws InterruptedException {
                for (String app : Cluster.APPS) {
                    for (String name : cluster.namesOf(app)) {
                        Instant restarted = Instant.now();
                        cluster.docker().run("restart", name);
                        cluster.awaitHealthy(
                                container -> container.name().equals(name), restarted, Duration.ofMinutes(2));
                    }
                }
                return "docker restart of each instance of order-api, order-service and notification-service in turn";
            }

            @Override
            public void end(Cluster cluster) {
                // nothing is left to mend
            }
        };
    }

    /** All three applications get another image, and {@code rolling-update.sh} replaces their instances by it. */
    static Fault rollingUpdate() {
        return new Fault() {
            @Override
            public String begin(Cluster cluster) {
                Cluster.APPS.forEach(cluster::release);
                return String.join("\n", cluster.docker().script("./rolling-update.sh"));
            }

            @Override
            public void end(Cluster cluster) {
                // the instances run the new images, and those are what a start would take, too
            }
        };
    }
}
