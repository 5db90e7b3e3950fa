package io.catga.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What a container has used, from the files of its control groups, of version 1 or 2. They are read in no time; the engine's
 * own interface may take a second for each container, and in that second everything goes on using the processor.
 *
 * @param processor the file with the processor time
 * @param memory    the folder of the group that has the memory
 */
record ControlGroup(Path processor, Path memory) {

    private static final Path ROOT = Path.of("/sys/fs/cgroup");

    /** Those of a process, where this machine shows them. */
    static Optional<ControlGroup> of(String pid) {
        Path processor = null;
        Path memory = null;
        try {
            for (String line : Files.readAllLines(Path.of("/proc", pid, "cgroup"))) {
                // hierarchy:controllers:path
                String[] part = line.split(":", 3);
                String path = part[2].substring(1);
                if (part[1].isEmpty()) {
                    processor = processor == null ? ROOT.resolve(path).resolve("cpu.stat") : processor;
                    memory = memory == null ? ROOT.resolve(path) : memory;
                } else if (part[1].matches("(.*,)?cpuacct(,.*)?")) {
                    processor = ROOT.resolve(part[1]).resolve(path).resolve("cpuacct.usage");
                } else if (part[1].equals("memory")) {
                    memory = ROOT.resolve("memory").resolve(path);
                }
            }
        } catch (IOException e) {
            // no such process here: the engine is in a virtual machine
            return Optional.empty();
        }
        return processor != null && memory != null && Files.isReadable(processor) && Files.isDirectory(memory)
                ? Optional.of(new ControlGroup(processor, memory))
                : Optional.empty();
    }

    /** Processor time in nanoseconds. */
    long processorNanos() throws IOException {
        String text = read(processor);
        return processor.endsWith("cpu.stat") ? 1000 * line(text, "usage_usec") : Long.parseLong(text.strip());
    }

    /** Bytes of memory, without files that are only cached. */
    long memoryBytes() throws IOException {
        Path current = memory.resolve("memory.current");
        String stat = read(memory.resolve("memory.stat"));
        return Files.exists(current)
                ? Long.parseLong(read(current).strip()) - line(stat, "inactive_file")
                : Long.parseLong(read(memory.resolve("memory.usage_in_bytes")).strip())
                        - line(stat, "total_inactive_file");
    }

    private static long line(String text, String name) {
        return text.lines()
                .filter(line -> line.startsWith(name + " "))
                .mapToLong(line -> Long.parseLong(line.substring(name.length() + 1)))
                .findFirst()
                .orElse(0);
    }

    private static String read(Path file) throws IOException {
        return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    }
}
