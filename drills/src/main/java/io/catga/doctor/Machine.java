package io.catga.doctor;

/**
 * The machine that the engine runs on, which on macOS and Windows is another one than this. What is negative is unknown.
 *
 * @param availableMemory bytes that processes can still get
 * @param totalMemory     bytes
 * @param freeDisk        bytes where the volumes are
 * @param totalDisk       bytes
 * @param load            how many threads ran or waited for a processor in the last minute
 * @param processors      that it has
 */
record Machine(long availableMemory, long totalMemory, long freeDisk, long totalDisk, double load, int processors) {

    /** What prints {@link #read}'s text, in a shell on Linux. */
    static final String QUESTION =
            "cat /proc/meminfo /proc/loadavg; grep -c ^processor /proc/cpuinfo; df -Pk /data 2>/dev/null | tail -n 1";

    static Machine unknown() {
        return new Machine(-1, -1, -1, -1, -1, -1);
    }

    static Machine read(String text) {
        Machine machine = unknown();
        for (String line : text.lines().map(String::strip).toList()) {
            String[] part = line.split("\\s+");
            if (line.startsWith("MemAvailable:")) {
                machine = machine.withMemory(kilobytes(part[1]), machine.totalMemory);
            } else if (line.startsWith("MemTotal:")) {
                machine = machine.withMemory(machine.availableMemory, kilobytes(part[1]));
            } else if (part.length == 5 && part[3].matches("\\d+/\\d+")) {
                machine = machine.withLoad(Double.parseDouble(part[0]), machine.processors);
            } else if (line.matches("\\d{1,4}")) {
                machine = machine.withLoad(machine.load, Integer.parseInt(line));
            } else if (part.length == 6 && part[4].endsWith("%")) {
                machine = machine.withDisk(kilobytes(part[3]), kilobytes(part[1]));
            }
        }
        return machine;
    }

    private static long kilobytes(String number) {
        return 1024 * Long.parseLong(number);
    }

    Machine withMemory(long available, long total) {
        return new Machine(available, total, freeDisk, totalDisk, load, processors);
    }

    Machine withDisk(long free, long total) {
        return new Machine(availableMemory, totalMemory, free, total, load, processors);
    }

    Machine withLoad(double threads, int on) {
        return new Machine(availableMemory, totalMemory, freeDisk, totalDisk, threads, on);
    }
}
