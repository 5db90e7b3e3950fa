package io.catga.redis;

/**
 * What a majority of the Sentinels says.
 *
 * @param master            who is master
 * @param reachableReplicas how many replicas answer, also those whose link to the master is broken just now: while there
 *                          is one, a lost master will be replaced
 * @param followingReplicas how many of them follow the master: these could be promoted with everything that it has
 *                          acknowledged, and a write waits for all of them
 */
record Topology(Address master, int reachableReplicas, int followingReplicas) {}
