package io.catga.spring;

/**
 * What has to be there before an instance takes messages. One that took them without would refuse what the others of its
 * group could do. Asked several times a second until it is met once; thread-safe.
 */
@FunctionalInterface
interface Prerequisite {

    boolean isMet();
}
