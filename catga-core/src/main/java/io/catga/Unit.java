package io.catga;

/** The answer of a command that has nothing to say beyond having been done. */
public enum Unit {
    /** The only value. */
    UNIT
}
