package io.catga.test;

/** A part of the way of a message that an {@link UnreliableNetwork} makes unsafe. */
public enum Crossing {
    /**
     * A request on its way to a handler. Faults befall it once: where its sender gives it to the transport, or, if that
     * is not the network's, where a receiver gets it.
     */
    REQUEST,
    /** An event on its way from its publisher to the bus. */
    PUBLISHING,
    /**
     * An event on its way from the bus to one consumer. There is no {@link Fault#REORDERED} here: who takes one event
     * at a time cannot have another first. Reorder while publishing.
     */
    DELIVERY
}
