/**
 * The order service: stores orders in Redis, and publishes their events from the outbox there.
 */
@NullMarked
package io.catga.floor.service;

import org.jspecify.annotations.NullMarked;
