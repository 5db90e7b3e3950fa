/**
 * Proves what the README says, on the cluster as it ships. {@code Cluster} starts it with the user's own script and
 * stops what it started; every test leaves the cluster as it found it.
 */
@NullMarked
package io.catga.cluster;

import org.jspecify.annotations.NullMarked;
