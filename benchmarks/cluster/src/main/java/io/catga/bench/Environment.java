package io.catga.bench;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Where something is measured, and with which versions. */
final class Environment {

    private static final Path CPU_INFO = Path.of("/proc/cpuinfo");

    private Environment() {}

    static Map<String, String> current(Commands commands) {
        Map<String, String> facts = new LinkedHashMap<>();
        OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        facts.put(
                "machine",
                "%s, %d processors, %d GiB"
                        .formatted(
                                processor(),
                                system.getAvailableProcessors(),
                                Math.round(system.getTotalMemorySize() / (double) (1L << 30))));
        facts.put("system", system.getName() + " " + system.getVersion());
        facts.put("docker", commands.tell("docker", "version", "-f", "{{.Server.Version}}"));
        facts.put("nats", lastWord(commands.tell("docker", "exec", "cluster-nats-1", "nats-server", "--version")));
        facts.put("redis", redis(commands.tell("docker", "exec", "cluster-redis-1", "redis-server", "--version")));
        facts.put("nginx", lastWord(commands.tell("docker", "exec", "cluster-nginx", "nginx", "-v")));
        facts.put("java", java(commands));
        facts.put("spring boot", springBoot(commands.root()));
        facts.put("load generator", "its own, on Java " + Runtime.version());
        return facts;
    }

    /** Of the sources, {@code -dirty} where they are changed. What a run writes itself is no change. */
    static String revision(Commands commands) {
        String revision = commands.tell("git", "rev-parse", "--short=12", "HEAD");
        if (revision.isEmpty()) {
            return "unknown";
        }
        List<String> changes = commands.run(
                List.of(
                        "git",
                        "status",
                        "--porcelain",
                        "--untracked-files=no",
                        "--",
                        ".",
                        ":!README.md",
                        ":!README.zh-CN.md",
                        ":!benchmarks/cluster/results.json",
                        ":!benchmarks/cluster/RESULTS.md"),
                Map.of());
        return changes.isEmpty() ? revision : revision + "-dirty";
    }

    private static String processor() {
        try {
            if (Files.isReadable(CPU_INFO)) {
                for (String line : Files.readAllLines(CPU_INFO)) {
                    if (line.startsWith("model name")) {
                        return line.substring(line.indexOf(':') + 1).strip();
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return System.getProperty("os.arch");
    }

    private static String java(Commands commands) {
        String said = commands.tell("docker", "exec", "cluster-order-api-1", "java", "--version");
        return said.replaceFirst("^openjdk ", "");
    }

    private static String redis(String said) {
        for (String word : said.split(" ")) {
            if (word.startsWith("v=")) {
                return word.substring(2);
            }
        }
        return said;
    }

    private static String springBoot(Path root) {
        try {
            for (String line : Files.readAllLines(root.resolve("pom.xml"))) {
                if (line.contains("<spring-boot.version>")) {
                    return line.replaceAll("<[^>]*>", "").strip();
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return "unknown";
    }

    private static String lastWord(String said) {
        return said.substring(said.lastIndexOf(' ') + 1).replaceFirst("^(v|nginx/)", "");
    }
}
