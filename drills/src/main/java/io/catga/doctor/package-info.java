/**
 * The doctor of the order cluster: looks at everything at once, and says what is wrong and what mends it. Start reading at
 * {@link io.catga.doctor.Doctor}, which turns {@link io.catga.doctor.Facts} into findings and touches nothing;
 * {@link io.catga.doctor.Look} gathers the facts, by reading only.
 *
 * <p>Like the drills it knows the cluster from outside: by the docker command line, and by HTTP.
 */
@NullMarked
package io.catga.doctor;

import org.jspecify.annotations.NullMarked;
