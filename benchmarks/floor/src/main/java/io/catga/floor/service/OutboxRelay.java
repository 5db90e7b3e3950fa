package io.catga.floor.service;

import io.catga.floor.cluster.FloorProperties;
import io.catga.floor.cluster.NatsClient;
import io.catga.floor.cluster.Phases;
import io.catga.floor.cluster.RedisLink;
import io.catga.floor.cluster.Replicas;
import io.catga.floor.cluster.UnavailableException;
import io.catga.floor.orders.EventStream;
import io.catga.floor.orders.Wire;
import io.lettuce.core.Consumer;
import io.lettuce.core.RedisBusyException;
import io.lettuce.core.RedisException;
import io.lettuce.core.StreamMessage;
import io.lettuce.core.XAutoClaimArgs;
import io.lettuce.core.XGroupCreateArgs;
import io.lettuce.core.XReadArgs;
import io.lettuce.core.XReadArgs.StreamOffset;
import io.lettuce.core.api.sync.RedisCommands;
import io.nats.client.JetStream;
import io.nats.client.JetStreamApiException;
import io.nats.client.PublishOptions;
import io.nats.client.api.PublishAck;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * Publishes the events that the outbox holds, and removes each when JetStream has confirmed it. The instances share the
 * outbox as members of one consumer group of a Redis stream; what a dead one held is claimed by another. An event that is
 * published twice is dropped by JetStream, by its id.
 */
@Component
final class OutboxRelay implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(OutboxRelay.class);

    private static final String OUTBOX = OrderStore.PREFIX + "outbox";
    private static final int AT_ONCE = 128;
    /** Under Redis's time-out for a command. */
    private static final Duration BLOCK = Duration.ofMillis(500);

    private static final Duration CLAIM_AFTER = Duration.ofSeconds(10);
    private static final Duration CONFIRMED_WITHIN = Duration.ofSeconds(5);
    private static final long PAUSE_MILLIS = 200;

    private final RedisLink redis;
    private final Replicas replicas;
    private final NatsClient nats;
    private final byte[] outbox = bytes(OUTBOX);
    private final byte[] group = bytes("relay");
    private final Consumer<byte[]> consumer;
    private boolean ready;
    private boolean holdsSome = true;
    private long nextClaim;
    private volatile @Nullable Thread thread;

    OutboxRelay(RedisLink redis, Replicas replicas, NatsClient nats, FloorProperties properties) {
        this.redis = redis;
        this.replicas = replicas;
        this.nats = nats;
        this.consumer = Consumer.from(group, bytes(properties.instance()));
    }

    @Override
    public void start() {
        thread = Thread.ofVirtual().name("floor-relay").start(this::work);
    }

    private void work() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                try {
                    relay();
                } catch (RedisException
                        | UnavailableException
                        | IllegalStateException
                        | IOException
                        | JetStreamApiException
                        | ExecutionException
                        | TimeoutException e) {
                    if (thread == null) {
                        return;
                    }
                    LOG.warn("The outbox waits: {}", e.toString());
                    holdsSome = true;
                    ready = false;
                    Thread.sleep(PAUSE_MILLIS);
                }
            }
        } catch (InterruptedException e) {
            LOG.debug("Stopped relaying");
        }
    }

    private void relay()
            throws IOException, JetStreamApiException, ExecutionException, TimeoutException, InterruptedException {
        RedisCommands<byte[], byte[]> commands = redis.outbox().sync();
        if (!ready) {
            EventStream.ensure(nats.connection());
            createGroup(commands);
            ready = true;
        }
        List<StreamMessage<byte[], byte[]>> entries = take(commands);
        if (entries.isEmpty()) {
            return;
        }
        awaitReplicas(commands);
        String[] published = publish(entries);
        commands.xack(outbox, group, published);
        commands.xdel(outbox, published);
    }

    private void createGroup(RedisCommands<byte[], byte[]> commands) {
        try {
            commands.xgroupCreate(StreamOffset.from(outbox, "0"), group, XGroupCreateArgs.Builder.mkstream());
        } catch (RedisBusyException e) {
            LOG.debug("The group is there already");
        }
    }

    /** First what this instance held when it failed, then what others have held for too long, then what is new. */
    @SuppressWarnings("unchecked") // an array of the one stream
    private List<StreamMessage<byte[], byte[]>> take(RedisCommands<byte[], byte[]> commands) {
        if (holdsSome) {
            List<StreamMessage<byte[], byte[]>> held =
                    commands.xreadgroup(consumer, XReadArgs.Builder.count(AT_ONCE), StreamOffset.from(outbox, "0"));
            holdsSome = !held.isEmpty();
            return held;
        }
        if (System.nanoTime() > nextClaim) {
            nextClaim = System.nanoTime() + CLAIM_AFTER.dividedBy(2).toNanos();
            List<StreamMessage<byte[], byte[]>> claimed = commands.xautoclaim(
                            outbox,
                            new XAutoClaimArgs<byte[]>()
                                    .consumer(consumer)
                                    .minIdleTime(CLAIM_AFTER)
                                    .startId("0-0")
                                    .count(AT_ONCE))
                    .getMessages();
            if (!claimed.isEmpty()) {
                return claimed;
            }
        }
        return commands.xreadgroup(
                consumer, XReadArgs.Builder.count(AT_ONCE).block(BLOCK), StreamOffset.lastConsumed(outbox));
    }

    /** An order that a failover forgets must not be announced. Taking an entry is a write that comes after that of it. */
    private void awaitReplicas(RedisCommands<byte[], byte[]> commands) {
        int required = replicas.required();
        if (required > 0 && commands.waitForReplication(required, PAUSE_MILLIS) < required) {
            throw new UnavailableException("the replicas do not have the entries yet");
        }
    }

    /** All at once; returns the ids of the entries when every one is confirmed. */
    private String[] publish(List<StreamMessage<byte[], byte[]>> entries)
            throws IOException, ExecutionException, TimeoutException, InterruptedException {
        JetStream stream = nats.connection().jetStream(NatsClient.JETSTREAM);
        List<CompletableFuture<PublishAck>> confirmations = new ArrayList<>(entries.size());
        for (StreamMessage<byte[], byte[]> entry : entries) {
            Map<String, byte[]> fields = fields(entry);
            byte[] event = fields.get("event");
            byte[] id = fields.get("id");
            if (event != null && id != null) {
                confirmations.add(stream.publishAsync(
                        Wire.CREATED_EVENT,
                        event,
                        PublishOptions.builder()
                                .messageId(new String(id, StandardCharsets.UTF_8))
                                .build()));
            }
        }
        CompletableFuture.allOf(confirmations.toArray(CompletableFuture[]::new))
                .get(CONFIRMED_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
        return entries.stream().map(StreamMessage::getId).toArray(String[]::new);
    }

    /** Empty where the entry was removed while somebody held it. */
    private static Map<String, byte[]> fields(StreamMessage<byte[], byte[]> entry) {
        Map<String, byte[]> fields = new LinkedHashMap<>();
        Map<byte[], byte[]> body = entry.getBody();
        if (body != null) {
            body.forEach((name, value) -> fields.put(new String(name, StandardCharsets.UTF_8), value));
        }
        return fields;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void stop() {
        Thread running = thread;
        thread = null;
        if (running != null) {
            running.interrupt();
        }
    }

    @Override
    public boolean isRunning() {
        return thread != null;
    }

    @Override
    public int getPhase() {
        return Phases.RECEIVERS;
    }
}
