package io.catga.nats;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Collects what is wrong with a set of options, so that all of it is reported at once. */
final class Requirements {

    private final String what;
    private final List<String> findings = new ArrayList<>();

    Requirements(String what) {
        this.what = what;
    }

    Requirements positive(String name, Duration value) {
        return that(value.isPositive(), "%s must be positive, but was %s".formatted(name, value));
    }

    Requirements atLeast(long minimum, String name, long value) {
        return that(value >= minimum, "%s must be at least %d, but was %d".formatted(name, minimum, value));
    }

    Requirements notBlank(String name, String value) {
        return that(!value.isBlank(), name + " must not be blank");
    }

    Requirements that(boolean holds, String otherwise) {
        if (!holds) {
            findings.add(otherwise);
        }
        return this;
    }

    /**
     * @throws IllegalArgumentException with everything that is wrong
     */
    void check() {
        if (!findings.isEmpty()) {
            throw new IllegalArgumentException(what + ": " + String.join("; ", findings));
        }
    }
}
