/**
 * Backups of the cluster's data, run by {@code backup.sh} and {@code restore.sh}. Start reading at
 * {@link io.catga.backup.Backup}, which says in which order things are read and why, and {@link io.catga.backup.Proof}, which
 * says what has to be the same after a restore.
 *
 * <p>The cluster is reached from outside: Redis by {@code redis-cli} in its containers, NATS by its published ports; both as
 * the operator.
 */
@NullMarked
package io.catga.backup;

import org.jspecify.annotations.NullMarked;
