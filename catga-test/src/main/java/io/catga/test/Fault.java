package io.catga.test;

/** What can go wrong with a message on an {@link UnreliableNetwork}. */
public enum Fault {
    /** The message does not arrive. */
    LOST("lost"),
    /** The message arrives and is dealt with, but its answer, confirmation or acknowledgement does not come back. */
    ANSWER_LOST("answered in vain"),
    /** The message arrives twice, both at the same time. */
    REPEATED("repeated"),
    /** The message arrives later. */
    DELAYED("delayed"),
    /** The message is held back until another one has overtaken it. */
    REORDERED("held back"),
    /**
     * The message does not arrive because its sender cannot reach its receiver; see {@link UnreliableNetwork#cutOff}.
     */
    CUT_OFF("cut off");

    private final String inWords;

    Fault(String inWords) {
        this.inWords = inWords;
    }

    String inWords() {
        return inWords;
    }
}
