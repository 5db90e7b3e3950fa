/**
 * What the infrastructure gives without any application: rates as JSON lines.
 */
@NullMarked
package io.catga.floor.raw;

import org.jspecify.annotations.NullMarked;
