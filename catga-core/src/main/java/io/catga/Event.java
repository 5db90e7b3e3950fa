package io.catga;

/** Something that has happened. It may have any number of handlers, each of which receives it. */
public non-sealed interface Event extends Message {}
