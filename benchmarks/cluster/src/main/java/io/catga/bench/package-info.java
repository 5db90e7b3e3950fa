/**
 * What the running order cluster can do, and what that costs. Start reading at {@link io.catga.bench.Scenario}, one question
 * each, and at {@link io.catga.bench.Lab}, which gives load, meters and checks to all of them. The load itself comes from
 * {@link io.catga.bench.LoadGenerator}, whose pace is an {@link io.catga.bench.Arrivals}; {@link io.catga.bench.Report}
 * makes the tables.
 *
 * <p>The cluster is looked at from outside: by HTTP, by the docker command line and its engine's interface, by the
 * monitoring port of NATS, and by the published ports of Redis. Nothing here depends on the code that it measures.
 */
@NullMarked
package io.catga.bench;

import org.jspecify.annotations.NullMarked;
