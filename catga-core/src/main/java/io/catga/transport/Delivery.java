package io.catga.transport;

/** What is to become of an event that was delivered to a consumer. */
public sealed interface Delivery {

    /** Handled: not to be delivered to this consumer again. */
    record Handled() implements Delivery {}

    /** To be delivered again after a while. */
    record Again() implements Delivery {}

    /**
     * Given up: to be kept as a dead letter.
     *
     * @param cause why, for a person to read
     */
    record GivenUp(String cause) implements Delivery {}
}
