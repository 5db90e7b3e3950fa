/**
 * For tests of what others build on Catga. There are three things here, and each can be used without the others:
 *
 * <ul>
 *   <li><b>Your own handlers.</b> {@link io.catga.test.MediatorHarness} runs them with the whole pipeline, a network, a
 *       store and an outbox, all in memory and under a {@link io.catga.test.ManualClock}. It records every message, and
 *       a {@link io.catga.test.Scenario} waits for what a message is to bring about.
 *   <li><b>Bad networks.</b> {@link io.catga.test.UnreliableNetwork} decorates any transport and loses, repeats, delays
 *       and reorders messages or keeps members apart, by hand or by chance; chance can be repeated by its seed.
 *   <li><b>Your own transport or store.</b> The compatibility kits are abstract test classes that say what one must do.
 *       The in-memory, the NATS and the Redis implementation pass the same kits, so that an application sees no
 *       difference.
 * </ul>
 *
 * <h2>Writing a transport or a store</h2>
 *
 * Add this module in test scope, extend the kit of the port, and provide the few things that it asks for; JUnit finds
 * the inherited tests.
 *
 * <table>
 *   <caption>Which kit is for which port</caption>
 *   <tr><th>port</th><th>kit</th><th>to provide</th></tr>
 *   <tr><td>{@link io.catga.transport.RequestTransport}, {@link io.catga.transport.EventBus} and the receiving end</td>
 *       <td>{@link io.catga.test.TransportCompatibilityKit}</td>
 *       <td>how a process joins the network of a test, and its dead letters</td></tr>
 *   <tr><td>{@link io.catga.store.StateStore}</td><td>{@link io.catga.test.StateStoreCompatibilityKit}</td>
 *       <td>the store</td></tr>
 *   <tr><td>the same, for messages that are {@link io.catga.Idempotent}</td>
 *       <td>{@link io.catga.test.IdempotencyCompatibilityKit}</td><td>the store</td></tr>
 *   <tr><td>{@link io.catga.transport.DeadLetters}</td><td>{@link io.catga.test.DeadLettersCompatibilityKit}</td>
 *       <td>how a process joins the network of a test, and its dead letters</td></tr>
 *   <tr><td>{@link io.catga.store.Outbox}</td><td>{@link io.catga.test.OutboxCompatibilityKit}</td>
 *       <td>an empty outbox for each test, and the store that fills it</td></tr>
 * </table>
 *
 * <p>The kits test behaviour, not outages: a broker or a database that dies is different for each, and needs tests of
 * its own. They wait for conditions, with generous limits, so that a slow machine does not fail them.
 *
 * <p>This package depends on {@code catga-core}, JUnit, AssertJ and Awaitility, and on no broker or database. Start
 * reading at {@link io.catga.test.MediatorHarness}.
 */
@NullMarked
package io.catga.test;

import org.jspecify.annotations.NullMarked;
