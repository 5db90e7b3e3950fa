package io.catga;

import java.util.List;

/** Everything that is wrong with how a mediator was put together, reported at once; the application must not start. */
public final class CatgaConfigurationException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient List<String> findings;

    CatgaConfigurationException(List<String> findings) {
        super(findings.size() + (findings.size() == 1 ? " finding" : " findings") + " in the messages and handlers:"
                + String.join(
                        "", findings.stream().map(finding -> "\n  - " + finding).toList()));
        this.findings = List.copyOf(findings);
    }

    /** One sentence for each mistake, with the way out of it. */
    public List<String> findings() {
        return findings;
    }
}
