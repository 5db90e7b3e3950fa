package io.catga.test;

import io.catga.Mediator;
import io.catga.codec.MessageCodec;
import io.catga.store.StateStore;
import io.catga.store.UnitOfWork;

/**
 * What a {@link MediatorHarness} has for the handlers of one member.
 *
 * @param mediator   the member's own mediator; to be kept in a constructor and used from a handle method
 * @param unitOfWork what a handler ends with; its message ids are shared by all members, as a cluster's are
 * @param store      where the unit of work keeps everything
 * @param clock      the clock of the harness
 * @param codec      how the harness writes messages
 */
public record Surroundings(
        Mediator mediator, UnitOfWork unitOfWork, StateStore store, ManualClock clock, MessageCodec codec) {}
