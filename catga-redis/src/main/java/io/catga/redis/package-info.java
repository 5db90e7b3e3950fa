/**
 * State, idempotency records and the outbox in Redis, reached through Sentinel. {@link io.catga.redis.RedisLink} keeps
 * connections to whichever node is master; {@link io.catga.redis.RedisStateStore} and {@link io.catga.redis.RedisOutbox}
 * are the ports over it. Start reading at {@code GroupCommit}, where an order becomes durable.
 */
@NullMarked
package io.catga.redis;

import org.jspecify.annotations.NullMarked;
