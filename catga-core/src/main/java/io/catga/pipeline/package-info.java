/**
 * The pipeline that every message goes through, and the behaviours that come with Catga, in the order of
 * {@link io.catga.pipeline.Stage}. A {@link io.catga.pipeline.Behavior} is asked once per type of message, at start-up,
 * for the {@link io.catga.pipeline.Step} that it contributes; sending walks a chain that exists already. Catga's own are
 * made by {@link io.catga.pipeline.Behaviors}, from the options that stand beside it.
 */
@NullMarked
package io.catga.pipeline;

import org.jspecify.annotations.NullMarked;
