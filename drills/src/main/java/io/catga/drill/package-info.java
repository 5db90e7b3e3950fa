/**
 * Drills: load on the running cluster, a fault, its mending, and then the verdict. Start reading at
 * {@link io.catga.drill.Drill}, which says what a drill is, and {@link io.catga.drill.Checker}, which judges it.
 *
 * <p>The cluster is only looked at from outside: by HTTP through the load balancer, by the monitoring port of NATS, and by
 * the docker command line. Nothing here depends on the code that it judges.
 */
@NullMarked
package io.catga.drill;

import org.jspecify.annotations.NullMarked;
