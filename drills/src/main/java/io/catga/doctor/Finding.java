package io.catga.doctor;

/**
 * Something that the doctor has found.
 *
 * @param area  what it is about, such as NATS
 * @param what  one sentence
 * @param fix   what mends it, in one sentence; empty where nothing needs to be
 */
record Finding(Level level, String area, String what, String fix) {

    /** How bad it is. */
    enum Level {
        /** As it should be. */
        OK,
        /** Orders go through, but something needs a look. */
        WARNING,
        /** A promise is broken, or is the next time that something fails. */
        PROBLEM
    }

    static Finding ok(String area, String what) {
        return new Finding(Level.OK, area, what, "");
    }

    static Finding warning(String area, String what, String fix) {
        return new Finding(Level.WARNING, area, what, fix);
    }

    static Finding problem(String area, String what, String fix) {
        return new Finding(Level.PROBLEM, area, what, fix);
    }
}
