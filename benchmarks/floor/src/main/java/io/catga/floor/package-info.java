/**
 * The order cluster written by hand on jnats, Lettuce and Spring Boot, as the opponent of the benchmark. Start reading at
 * {@link io.catga.floor.Floor}, which runs one of the roles; each has a package.
 */
@NullMarked
package io.catga.floor;

import org.jspecify.annotations.NullMarked;
