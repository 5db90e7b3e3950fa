/**
 * The consumer of the events: keeps each once per instance.
 */
@NullMarked
package io.catga.floor.notification;

import org.jspecify.annotations.NullMarked;
