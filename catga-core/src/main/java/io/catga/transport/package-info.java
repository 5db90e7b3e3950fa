/**
 * The ports through which messages leave and enter a process, as bytes and headers. A transport only carries:
 * {@link io.catga.transport.RequestTransport} and {@link io.catga.transport.EventBus} take messages out,
 * {@link io.catga.transport.InboundMessages} is what a receiver hands messages to. Encoding, metadata and the crossing
 * of failures are the mediator's work, so they are the same over every transport. What a consumer could not handle waits
 * in {@link io.catga.transport.DeadLetters}.
 * {@link io.catga.transport.InMemoryNetwork} is the complete implementation for one process.
 */
@NullMarked
package io.catga.transport;

import org.jspecify.annotations.NullMarked;
