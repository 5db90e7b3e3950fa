/**
 * What the three applications say to each other, and over which subjects and keys.
 */
@NullMarked
package io.catga.floor.orders;

import org.jspecify.annotations.NullMarked;
