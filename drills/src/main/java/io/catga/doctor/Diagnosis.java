package io.catga.doctor;

import io.catga.doctor.Finding.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/**
 * What the doctor says, for people or for programs.
 *
 * @param exitCode as doctor.sh ends
 * @param took     how long looking took
 */
record Diagnosis(List<Finding> findings, int exitCode, Duration took) {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private long count(Level level) {
        return findings.stream().filter(finding -> finding.level() == level).count();
    }

    String text() {
        StringBuilder text = new StringBuilder();
        for (Finding finding : findings) {
            text.append("%-8s %-13s %s%n".formatted(label(finding.level()), finding.area(), finding.what()));
            if (!finding.fix().isEmpty()) {
                text.append("%-22s -> %s%n".formatted("", finding.fix()));
            }
        }
        return text.append(String.format(
                        Locale.ROOT,
                        "%n%d problems, %d warnings; looked for %.1f s%n",
                        count(Level.PROBLEM),
                        count(Level.WARNING),
                        took.toMillis() / 1000.0))
                .toString();
    }

    private static String label(Level level) {
        return level.name().toLowerCase(Locale.ROOT);
    }

    String json() {
        List<Map<String, String>> all = new ArrayList<>();
        for (Finding finding : findings) {
            Map<String, String> one = new LinkedHashMap<>();
            one.put("level", label(finding.level()));
            one.put("area", finding.area());
            one.put("what", finding.what());
            one.put("fix", finding.fix());
            all.add(one);
        }
        Map<String, Object> whole = new LinkedHashMap<>();
        whole.put("status", exitCode == 2 ? "unknown" : label(Doctor.worst(findings)));
        whole.put("problems", count(Level.PROBLEM));
        whole.put("warnings", count(Level.WARNING));
        whole.put("tookMillis", took.toMillis());
        whole.put("findings", all);
        return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(whole);
    }
}
