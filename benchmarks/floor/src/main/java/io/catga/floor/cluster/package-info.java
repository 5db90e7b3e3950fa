/**
 * The connections of one instance to NATS and Redis, and the group commit. Depends on nothing else in here.
 */
@NullMarked
package io.catga.floor.cluster;

import org.jspecify.annotations.NullMarked;
