package io.catga.drill;

import java.util.List;

/**
 * All requests of a run, and when the fault was. Times are microseconds since the beginning of the run.
 *
 * @param operations in the order in which they began
 * @param broken     when the fault was made
 * @param mended     when it was undone
 * @param recovered  when every container said that it was healthy again
 */
record History(List<Operation> operations, long broken, long mended, long recovered) {

    History {
        operations = List.copyOf(operations);
    }
}
