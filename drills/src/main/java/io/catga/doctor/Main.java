package io.catga.doctor;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;

/** The command line of doctor.sh, which says in its usage what the arguments are. */
public final class Main {

    private Main() {}

    /** Ends with 0 without problems, with 1 with problems, and with 2 where there was nothing to look at. */
    public static void main(String[] arguments) throws InterruptedException {
        long begun = System.nanoTime();
        Facts facts;
        try {
            facts = new Look(InstantSource.system()).gather();
        } catch (RuntimeException e) {
            System.err.println("error: the doctor could not look");
            e.printStackTrace();
            System.exit(2);
            return;
        }
        List<Finding> findings = Doctor.examine(facts);
        Diagnosis diagnosis =
                new Diagnosis(findings, Doctor.exitCode(facts, findings), Duration.ofNanos(System.nanoTime() - begun));
        if (List.of(arguments).contains("--json")) {
            System.out.println(diagnosis.json());
        } else {
            System.out.print(diagnosis.text());
        }
        System.out.flush();
        System.exit(diagnosis.exitCode());
    }
}
