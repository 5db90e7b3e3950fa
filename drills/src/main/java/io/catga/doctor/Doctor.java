package io.catga.doctor;

import io.catga.doctor.Finding.Level;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Turns facts into findings. It asks nobody, so each finding can be proved by facts with that illness planted; what is
 * looked at stands in one class for each area.
 */
final class Doctor {

    private Doctor() {}

    /** All findings, in the order of the areas. */
    static List<Finding> examine(Facts facts) {
        List<Finding> findings = new ArrayList<>(HostCheck.findings(facts));
        if (!isRunning(facts)) {
            return findings;
        }
        findings.addAll(ContainerCheck.findings(facts));
        findings.addAll(NatsCheck.findings(facts));
        findings.addAll(RedisCheck.findings(facts));
        findings.addAll(AppCheck.findings(facts));
        return List.copyOf(findings);
    }

    /** Whether there is a cluster to look at: at least one container of it runs. */
    static boolean isRunning(Facts facts) {
        return !facts.running().isEmpty();
    }

    static Level worst(List<Finding> findings) {
        return findings.stream()
                .map(Finding::level)
                .max(Comparator.naturalOrder())
                .orElse(Level.OK);
    }

    /** 0 without problems, 1 with problems, 2 where there was nothing to look at. */
    static int exitCode(Facts facts, List<Finding> findings) {
        if (facts.host().engine().isEmpty() || !isRunning(facts)) {
            return 2;
        }
        return worst(findings) == Level.PROBLEM ? 1 : 0;
    }
}
