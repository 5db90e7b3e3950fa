package io.catga.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where and of what something was measured.
 *
 * @param facts what there is to say, by name, in the order in which to say it
 */
record Environment(Map<String, String> facts) {

    private static final Path CPU_INFO = Path.of("/proc/cpuinfo");
    private static final long MEBIBYTE = 1L << 20;

    /** What the figures depend on, and the others that Catga is compared with. */
    private static final List<String> LIBRARIES = List.of(
            "pipelinr",
            "axon-messaging",
            "spring-context",
            "resilience4j-core",
            "micrometer-core",
            "opentelemetry-sdk",
            "jackson-databind",
            "logback-classic",
            "jmh-core");

    /** This machine, now. */
    static Environment current(Path sources) throws IOException {
        OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put(
                "machine",
                "%s, %d processors, %,d MiB of memory, %s %s"
                        .formatted(
                                processor(),
                                system.getAvailableProcessors(),
                                system.getTotalMemorySize() / MEBIBYTE,
                                system.getName(),
                                system.getVersion()));
        facts.put(
                "load before the run",
                String.format(Locale.ROOT, "%.1f (average of the last minute)", system.getSystemLoadAverage()));
        facts.put("Java", System.getProperty("java.vendor.version", "") + ", " + Runtime.version());
        facts.put("revision", revision(sources));
        facts.put("time", Instant.now().truncatedTo(ChronoUnit.MINUTES).toString());
        facts.put("with", versions(System.getProperty("java.class.path", "")));
        return new Environment(facts);
    }

    private static String processor() throws IOException {
        if (Files.isReadable(CPU_INFO)) {
            for (String line : Files.readAllLines(CPU_INFO)) {
                if (line.startsWith("model name")) {
                    return line.substring(line.indexOf(':') + 1).strip();
                }
            }
        }
        return System.getProperty("os.arch");
    }

    private static String revision(Path sources) {
        try {
            Process git = new ProcessBuilder("git", "describe", "--always", "--dirty", "--abbrev=12", "--exclude=*")
                    .directory(sources.toFile())
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String revision = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            return revision.isEmpty() ? "unknown: no git work tree" : revision;
        } catch (IOException e) {
            return "unknown: " + e.getMessage();
        }
    }

    /** The versions of the libraries, from the names of their files: {@code pipelinr 0.11, ...}. */
    static String versions(String classPath) {
        List<String> versions = new ArrayList<>();
        for (String library : LIBRARIES) {
            Matcher file = Pattern.compile("[/\\\\]" + Pattern.quote(library) + "-(\\d[^/\\\\]*)\\.jar")
                    .matcher(classPath);
            if (file.find()) {
                versions.add(library + ' ' + file.group(1));
            }
        }
        return String.join(", ", versions);
    }
}
