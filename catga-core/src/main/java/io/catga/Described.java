package io.catga;

import java.util.Map;

/**
 * A component that says how it is set up, for people who look at a running application. Implement it in a transport or a
 * store of your own, and the {@code catga} actuator endpoint shows it.
 */
public interface Described {

    /** What it is set up with, by the names that people know; values are texts, numbers, lists and maps of them. */
    Map<String, Object> describe();
}
