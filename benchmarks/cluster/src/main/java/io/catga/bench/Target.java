package io.catga.bench;

import java.net.InetSocketAddress;
import java.util.function.Supplier;

/**
 * Who is asked, and what.
 *
 * @param project  the compose project whose containers do the work
 * @param requests made anew for each round, so that no two rounds place the same orders
 * @param success  the status of an answer that is one
 * @param places   whether these are orders that the cluster then has stored
 */
record Target(String project, InetSocketAddress server, Supplier<Requests> requests, int success, boolean places) {}
