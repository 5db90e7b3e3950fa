/**
 * Receives every event of the order system, keeps a notification for it and shows it to whoever is watching. Each
 * instance receives every event, because each has its own watchers. Start reading at {@code OrderCreatedHandler}.
 */
@NullMarked
package io.catga.notifications;

import org.jspecify.annotations.NullMarked;
