/**
 * What an application sees of Catga: messages ({@link io.catga.Command}, {@link io.catga.Query}, {@link io.catga.Event}),
 * their handlers, the {@link io.catga.Mediator} that brings the two together, and the typed {@link io.catga.Result}.
 *
 * <p>Start reading at {@link io.catga.Mediator}. This package knows the ports in {@code io.catga.transport} and
 * {@code io.catga.store}, and neither Spring nor any broker or database.
 */
@NullMarked
package io.catga;

import org.jspecify.annotations.NullMarked;
