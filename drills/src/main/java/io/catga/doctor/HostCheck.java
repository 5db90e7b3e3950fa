package io.catga.doctor;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The machine: its engine, memory, disk, clocks and ports. */
final class HostCheck {

    private static final String AREA = "host";
    private static final long MIB = 1024 * 1024;
    /** Eight JVMs at up to 360 MB, and a GB for the rest, were measured to start in about 2 GB. */
    private static final long MEMORY_TO_START = 2048 * MIB;

    private static final long LITTLE_MEMORY = 512 * MIB;
    private static final long TOO_LITTLE_MEMORY = 128 * MIB;
    private static final long LITTLE_DISK = 5 * 1024 * MIB;
    private static final long TOO_LITTLE_DISK = 1024 * MIB;
    private static final double BUSY = 4;
    private static final Duration SKEW = Duration.ofMillis(250);
    private static final Duration GREAT_SKEW = Duration.ofSeconds(1);

    private HostCheck() {}

    static List<Finding> findings(Facts facts) {
        List<Finding> findings = new ArrayList<>();
        engine(facts, findings);
        memory(facts, findings);
        disk(facts, findings);
        load(facts, findings);
        ports(facts, findings);
        clocks(facts, findings);
        return findings;
    }

    private static void engine(Facts facts, List<Finding> findings) {
        Facts.Host host = facts.host();
        if (host.engine().isEmpty()) {
            findings.add(
                    host.cause().contains("permission denied")
                            ? Finding.problem(
                                    AREA,
                                    "a Docker engine runs, but this user may not use it",
                                    "Run 'sudo usermod -aG docker $USER' and log in again, or run this with sudo.")
                            : Finding.problem(
                                    AREA,
                                    "no Docker engine answers",
                                    "Start Docker, or let ./start-cluster.sh start one."));
        } else if (!Doctor.isRunning(facts)) {
            findings.add(Finding.warning(
                    AREA,
                    facts.containers().isEmpty()
                            ? "the cluster is not there"
                            : "the cluster is stopped: none of its %d containers runs"
                                    .formatted(facts.containers().size()),
                    "Start it: ./start-cluster.sh"));
        } else {
            findings.add(Finding.ok(AREA, "Docker engine " + host.engine().get()));
        }
    }

    private static void memory(Facts facts, List<Finding> findings) {
        long available = facts.host().machine().availableMemory();
        if (available < 0) {
            return;
        }
        String what = "%s of %s memory are available"
                .formatted(size(available), size(facts.host().machine().totalMemory()));
        if (!Doctor.isRunning(facts) && available < MEMORY_TO_START) {
            findings.add(Finding.warning(
                    AREA, what, "End other programs before you start the cluster: it needs about 2 GB."));
        } else if (available < TOO_LITTLE_MEMORY) {
            findings.add(Finding.problem(
                    AREA, what, "End other programs, or the kernel will end containers of the cluster."));
        } else if (available < LITTLE_MEMORY) {
            findings.add(Finding.warning(AREA, what, "End other programs before it gets less."));
        } else {
            findings.add(Finding.ok(AREA, what));
        }
    }

    private static void disk(Facts facts, List<Finding> findings) {
        long free = facts.host().machine().freeDisk();
        if (free < 0) {
            return;
        }
        String what = "%s of %s disk are free"
                .formatted(size(free), size(facts.host().machine().totalDisk()));
        if (free < TOO_LITTLE_DISK) {
            findings.add(Finding.problem(
                    AREA,
                    what,
                    "Make room, for instance with 'docker image prune': without room, Redis and NATS refuse writes."));
        } else if (free < LITTLE_DISK) {
            findings.add(Finding.warning(AREA, what, "Make room, for instance with 'docker image prune'."));
        } else {
            findings.add(Finding.ok(AREA, what));
        }
    }

    /** On a machine that is too busy, health checks and Sentinels see failures that are none. */
    private static void load(Facts facts, List<Finding> findings) {
        Machine host = facts.host().machine();
        if (host.processors() > 0 && host.load() > BUSY * host.processors()) {
            findings.add(Finding.warning(
                    AREA,
                    String.format(
                            Locale.ROOT,
                            "the machine is busy: %.0f threads want its %d processors",
                            host.load(),
                            host.processors()),
                    "End other programs, or give the engine more processors: health checks that time out are false alarms"
                            + " then."));
        }
    }

    private static void ports(Facts facts, List<Finding> findings) {
        List<Facts.Port> silent = facts.ports().stream()
                .filter(port -> port.running() && !port.answers())
                .toList();
        List<Facts.Port> taken = facts.ports().stream()
                .filter(port -> !port.running() && port.answers())
                .toList();
        silent.forEach(port -> findings.add(Finding.problem(
                AREA,
                "port %d of %s does not answer on this machine".formatted(port.number(), port.owner()),
                "Restart the container to publish it again: docker restart " + port.owner())));
        if (facts.host().engine().isEmpty() && !taken.isEmpty()) {
            findings.add(
                    Finding.warning(
                            AREA,
                            "somebody answers on the cluster's ports " + numbers(taken),
                            "It may be the cluster, of an engine that does not answer here; else end the program that has them."));
        } else {
            taken.forEach(port -> findings.add(Finding.problem(
                    AREA,
                    "port %d, which %s needs, is taken by another program".formatted(port.number(), port.owner()),
                    "End that program ('ss -ltnp' or 'lsof -i :%d' names it).".formatted(port.number()))));
        }
        if (silent.isEmpty() && taken.isEmpty() && !facts.ports().isEmpty()) {
            long running = facts.ports().stream().filter(Facts.Port::running).count();
            findings.add(Finding.ok(
                    AREA,
                    running > 0
                            ? "%d published ports answer".formatted(running)
                            : "the %d ports of the cluster are free"
                                    .formatted(facts.ports().size())));
        }
    }

    private static String numbers(List<Facts.Port> ports) {
        return ports.stream()
                .map(port -> Integer.toString(port.number()))
                .sorted()
                .collect(Collectors.joining(", "));
    }

    /** Deadlines are instants, so clocks that differ shorten or lengthen every wait. */
    private static void clocks(Facts facts, List<Finding> findings) {
        boolean good = true;
        for (Facts.Clock clock : facts.clocks()) {
            Duration sure = clock.skew().abs().minus(clock.uncertainty());
            if (sure.compareTo(SKEW) <= 0) {
                continue;
            }
            good = false;
            String what = String.format(
                    Locale.ROOT,
                    "the clock of %s is %.2f s %s this machine's",
                    clock.name(),
                    clock.skew().abs().toMillis() / 1000.0,
                    clock.skew().isNegative() ? "behind" : "ahead of");
            String fix =
                    "Synchronise the clock of the machine that the engine runs on; restarting Docker Desktop does.";
            findings.add(
                    sure.compareTo(GREAT_SKEW) > 0
                            ? Finding.problem(AREA, what, fix)
                            : Finding.warning(AREA, what, fix));
        }
        if (good && !facts.clocks().isEmpty()) {
            findings.add(Finding.ok(
                    AREA,
                    "%d clocks agree with this machine's"
                            .formatted(facts.clocks().size())));
        }
    }

    static String size(long bytes) {
        return bytes < 1024 * MIB
                ? "%d MB".formatted(bytes / MIB)
                : String.format(Locale.ROOT, "%.1f GB", bytes / (1024.0 * MIB));
    }
}
