/**
 * Catga over NATS: requests through queue groups, events through JetStream. Start reading at
 * {@link io.catga.nats.NatsLink}, the connection that everything else here shares, and
 * {@link io.catga.nats.NatsRequestTransport}, which says how a request survives the death of whoever has it.
 *
 * <p>Subjects, with the prefix of {@link io.catga.nats.NatsOptions}:
 *
 * <table>
 * <caption>subjects</caption>
 * <tr><td>{@code catga.request.<type>}</td><td>requests, taken by the members of a queue group</td></tr>
 * <tr><td>{@code catga.event.<type>}</td><td>events, kept in the event stream</td></tr>
 * <tr><td>{@code catga.event._replay.<consumer>}</td><td>events that a consumer gets again, in the event stream</td></tr>
 * <tr><td>{@code catga.dead.<type>}</td><td>dead letters, kept in the dead-letter stream</td></tr>
 * <tr><td>{@code _INBOX.<id>.<number>}</td><td>answers, with the prefix of {@link io.catga.nats.NatsAccess}</td></tr>
 * </table>
 *
 * <p>The names of the headers are in {@code WireHeaders}, and stay as they are: messages in streams and instances of
 * an older version have them. Depends on the core and on jnats, and on nothing above it.
 */
@NullMarked
package io.catga.nats;

import org.jspecify.annotations.NullMarked;
