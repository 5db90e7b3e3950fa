package io.catga;

/**
 * Anything that travels through a {@link Mediator}. Messages are plain immutable values, usually records; what is
 * known about one beside its content (ids, deadline, headers) is in {@link MessageMetadata}.
 */
public sealed interface Message permits Request, Event {}
