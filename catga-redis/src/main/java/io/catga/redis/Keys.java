package io.catga.redis;

import java.nio.charset.StandardCharsets;

/**
 * The names of everything in Redis, which is a contract with other instances and with stored data:
 *
 * <ul>
 *   <li>{@code catga:done:<length of scope>:<scope>:<key>}: the record of an idempotency key
 *   <li>{@code catga:state:<key>}: a value
 *   <li>{@code catga:index:<index>}: an index, a sorted set whose scores are all 0
 *   <li>{@code catga:outbox}: the stream of events that wait to be published
 *   <li>{@code catga:fence}: a counter that is written where a write is needed to wait for the replicas
 * </ul>
 */
record Keys(String prefix) {

    /** With the length of the scope, so that no scope and key together look like another pair. */
    byte[] record(String scope, String key) {
        return bytes("done:" + scope.length() + ':' + scope + ':' + key);
    }

    byte[] value(String key) {
        return bytes("state:" + key);
    }

    byte[] index(String index) {
        return bytes("index:" + index);
    }

    byte[] outbox() {
        return bytes("outbox");
    }

    byte[] fence() {
        return bytes("fence");
    }

    private byte[] bytes(String name) {
        return (prefix + name).getBytes(StandardCharsets.UTF_8);
    }
}
