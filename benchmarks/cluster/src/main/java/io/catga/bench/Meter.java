package io.catga.bench;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Who uses the machine's processors: each container, the engine's own processes, this one, and all together. What has no
 * {@code /proc} has no figures for the engine and the machine.
 */
final class Meter {

    /** The engine, what holds its containers and writes their logs, and what carries their published ports. */
    private static final List<String> ENGINE = List.of("dockerd", "containerd", "containerd-shim", "docker-proxy");

    /** What the generator of the load is called. */
    static final String GENERATOR = "load generator";

    private static final Path PROC = Path.of("/proc");
    /** USER_HZ, which Linux fixes for what it shows to programs. */
    private static final double TICK_MILLIS = 10;

    private final Engine engine;

    Meter(Engine engine) {
        this.engine = engine;
    }

    /** Processor time in milliseconds, since some beginning of each. */
    record Reading(Map<String, Double> used) {

        /** What was used since an earlier reading; who has begun anew since then counts from that beginning. */
        Map<String, Double> since(Reading before) {
            Map<String, Double> difference = new LinkedHashMap<>();
            used.forEach((who, now) -> {
                double then = before.used.getOrDefault(who, 0.0);
                difference.put(who, now >= then ? now - then : now);
            });
            return difference;
        }
    }

    /** Time of all processors, in one unit: of whoever used it, and busy or not. */
    record Machine(double busy, double all) {

        /** The share that was busy since an earlier reading; 0 where the system does not say. */
        double busySince(Machine before) {
            double time = all - before.all;
            return time > 0 ? (busy - before.busy) / time : 0;
        }
    }

    Reading read(List<String> containers) {
        Map<String, Double> used = new TreeMap<>();
        engine.processorNanos(containers).forEach((container, nanos) -> used.put(container, nanos / 1e6));
        used.putAll(engineProcesses());
        OperatingSystemMXBean self = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        used.put(GENERATOR, self.getProcessCpuTime() / 1e6);
        return new Reading(used);
    }

    /** All processors together, since the machine began. */
    static Machine machine() {
        double busy = 0;
        double all = 0;
        String[] fields = firstLine(PROC.resolve("stat")).split("\\s+");
        // user nice system idle iowait irq softirq steal
        for (int i = 1; i < Math.min(fields.length, 9); i++) {
            double time = Double.parseDouble(fields[i]);
            all += time;
            busy += i == 4 || i == 5 ? 0 : time;
        }
        return new Machine(busy, all);
    }

    private static Map<String, Double> engineProcesses() {
        Map<String, Double> used = new TreeMap<>();
        if (!Files.isDirectory(PROC.resolve("self"))) {
            return used;
        }
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
            for (Path process : processes) {
                String stat = firstLine(process.resolve("stat"));
                int nameEnds = stat.lastIndexOf(')');
                if (nameEnds < 0) {
                    continue;
                }
                String name = stat.substring(stat.indexOf('(') + 1, nameEnds);
                if (ENGINE.contains(name)) {
                    used.merge(name, ticks(stat.substring(nameEnds + 2)) * TICK_MILLIS, Double::sum);
                }
            }
        } catch (IOException e) {
            throw new Failed("cannot list the processes of this machine: " + e.getMessage(), e);
        }
        return used;
    }

    /** Its own and that of the children that it has waited for: health checks are processes of their own. */
    private static long ticks(String stat) {
        String[] fields = stat.split(" ");
        long sum = 0;
        // utime, stime, cutime, cstime: proc(5) counts from 1, and two fields are cut off
        for (int i = 11; i <= 14; i++) {
            sum += Long.parseLong(fields[i]);
        }
        return sum;
    }

    private static String firstLine(Path file) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.UTF_8)
                    .lines()
                    .findFirst()
                    .orElse("");
        } catch (IOException e) {
            // a process that has just ended, or a system without /proc
            return "";
        }
    }
}
