package io.catga.floor.cluster;

/** The order in which Spring starts the parts of an instance; it stops them in the reverse one. The web server is last. */
public final class Phases {

    static final int CONNECTIONS = -20;
    static final int COMMITS = -10;
    /** Those that take requests and events. */
    public static final int RECEIVERS = 0;

    private Phases() {}
}
