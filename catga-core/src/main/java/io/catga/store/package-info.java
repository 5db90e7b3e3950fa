/**
 * The ports to where state is kept. {@link io.catga.store.StateStore} applies an {@link io.catga.store.AtomicStep} (the
 * idempotency record with the result, the changed state, the events to publish) all at once or not at all;
 * {@link io.catga.store.Outbox} is where the events wait and {@link io.catga.store.OutboxRelay} what publishes them.
 * {@link io.catga.store.IdempotencyOptions} leads to the behaviour that handles a message once.
 * {@link io.catga.store.InMemoryStateStore} is the complete implementation for one process.
 */
@NullMarked
package io.catga.store;

import org.jspecify.annotations.NullMarked;
