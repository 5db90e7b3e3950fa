package io.catga.benchmarks;

/** The work that all libraries bring the message to: so little that what is measured is the way there. */
interface EchoService {

    String echo(Echo request);

    /** The one there is, not known to callers, as where a container injects it. */
    static EchoService create() {
        return Echo::text;
    }
}
