package io.catga.floor.service;

import com.github.f4b6a3.uuid.UuidCreator;
import io.catga.floor.cluster.GroupCommit;
import io.catga.floor.cluster.RedisLink;
import io.catga.floor.cluster.UnavailableException;
import io.catga.floor.orders.CreateOrder;
import io.catga.floor.orders.Order;
import io.catga.floor.orders.OrderCreated;
import io.lettuce.core.RedisException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** Orders in Redis, each made once for its idempotency key. */
@Component
final class OrderStore {

    static final String PREFIX = "floor:";

    private static final Duration REMEMBERED = Duration.ofHours(24);

    /** What became of a request to create an order. */
    sealed interface Outcome {

        /** A new order, or that of an earlier attempt, as JSON. */
        record Stored(String orderId, byte[] order, boolean replayed) implements Outcome {}

        /** The key belongs to another request. */
        record Mismatch() implements Outcome {}
    }

    private final GroupCommit commits;
    private final RedisLink redis;
    private final JsonMapper mapper;
    private final Clock clock;

    OrderStore(GroupCommit commits, RedisLink redis, JsonMapper mapper, Clock clock) {
        this.commits = commits;
        this.redis = redis;
        this.mapper = mapper;
        this.clock = clock;
    }

    /**
     * @param request as it came, by which another one with the same key is known
     */
    Outcome create(String key, byte[] request) {
        CreateOrder command = mapper.readValue(request, CreateOrder.class);
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        Order order = new Order(
                UuidCreator.getTimeOrderedEpochPlus1().toString(),
                command.customerId(),
                command.items(),
                command.total(),
                "CREATED",
                now);
        byte[] json = mapper.writeValueAsBytes(order);
        byte[] event = mapper.writeValueAsBytes(
                new OrderCreated(order.orderId(), order.customerId(), order.totalAmount(), now));
        List<Object> answer = commits.commit(new OrderStep(
                        PREFIX, key, sha256(request), order.orderId(), order.customerId(), json, event, REMEMBERED)
                .call());
        String word = text(answer.getFirst());
        return switch (word) {
            case "CREATED" -> new Outcome.Stored(order.orderId(), json, false);
            case "REPLAYED" -> new Outcome.Stored(text(answer.get(1)), (byte[]) answer.get(2), true);
            case "MISMATCH" -> new Outcome.Mismatch();
            default -> throw new IllegalStateException("create-order.lua answered " + word);
        };
    }

    /** As JSON. */
    byte @Nullable [] find(String orderId) {
        byte[] key = (PREFIX + "order:" + orderId).getBytes(StandardCharsets.UTF_8);
        try {
            return redis.reads().async().get(key).toCompletableFuture().get();
        } catch (ExecutionException | RedisException e) {
            throw new UnavailableException("Redis has not answered", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UnavailableException("interrupted while waiting for Redis", e);
        }
    }

    private static byte[] sha256(byte[] request) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(request);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static String text(Object bytes) {
        return new String((byte[]) bytes, StandardCharsets.UTF_8);
    }
}
