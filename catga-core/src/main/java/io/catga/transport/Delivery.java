package io.catga.transport;

import io.catga.CatgaError;
import java.util.stream.Collectors;

/** What is to become of an event that was delivered to a consumer. */
public sealed interface Delivery {

    /** Handled: not to be delivered to this consumer again. */
    record Handled() implements Delivery {}

    /** To be delivered again after a while. */
    record Again() implements Delivery {}

    /**
     * Given up: to be kept as a dead letter.
     *
     * @param error what the last attempt ended in
     */
    record GivenUp(CatgaError error) implements Delivery {

        /** Why, in one line for a person to read, with every broken constraint. */
        public String cause() {
            String violations = error.violations().stream()
                    .map(violation -> violation.field() + ' ' + violation.problem())
                    .collect(Collectors.joining(", "));
            return violations.isEmpty() ? error.message() : error.message() + ": " + violations;
        }
    }
}
