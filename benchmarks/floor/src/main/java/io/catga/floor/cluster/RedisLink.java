package io.catga.floor.cluster;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.sentinel.api.StatefulRedisSentinelConnection;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.context.SmartLifecycle;

/**
 * The connections of this instance to the Redis master, which Lettuce finds through the Sentinels, also when it
 * reconnects. Three, because on one everything waits behind a command that blocks: {@code commits} waits for replicas,
 * {@code outbox} waits for entries, {@code reads} waits for nothing.
 */
public final class RedisLink implements SmartLifecycle {

    /** How long a command may take. */
    public static final Duration TIMEOUT = Duration.ofSeconds(2);

    private record Connections(
            RedisClient client,
            StatefulRedisConnection<byte[], byte[]> commits,
            StatefulRedisConnection<byte[], byte[]> reads,
            StatefulRedisConnection<byte[], byte[]> outbox,
            StatefulRedisSentinelConnection<String, String> sentinel) {}

    private final RedisURI uri;
    private final String master;
    private volatile @Nullable Connections connections;

    public RedisLink(FloorProperties properties) {
        this.master = properties.master();
        RedisURI.Builder builder =
                RedisURI.builder().withSentinelMasterId(master).withTimeout(TIMEOUT);
        for (String sentinel : properties.sentinels()) {
            String[] parts = sentinel.split(":", 2);
            builder.withSentinel(authenticated(RedisURI.builder(), properties)
                    .withHost(parts[0])
                    .withPort(Integer.parseInt(parts[1]))
                    .build());
        }
        this.uri = authenticated(builder, properties).build();
    }

    /** Servers that have no users refuse every one. */
    private static RedisURI.Builder authenticated(RedisURI.Builder builder, FloorProperties properties) {
        return properties.redisPassword().isEmpty()
                ? builder
                : builder.withAuthentication(properties.user(), properties.redisPassword());
    }

    @Override
    public void start() {
        RedisClient client = RedisClient.create(uri);
        client.setOptions(ClientOptions.builder()
                .timeoutOptions(TimeoutOptions.enabled(TIMEOUT))
                .build());
        connections = new Connections(
                client,
                client.connect(ByteArrayCodec.INSTANCE),
                client.connect(ByteArrayCodec.INSTANCE),
                client.connect(ByteArrayCodec.INSTANCE),
                client.connectSentinel());
    }

    /** For batches; only the group commit's thread uses it, and flushes it by hand. */
    public StatefulRedisConnection<byte[], byte[]> commits() {
        return open().commits();
    }

    /** For whatever does not block. */
    public StatefulRedisConnection<byte[], byte[]> reads() {
        return open().reads();
    }

    /** For the relay. */
    public StatefulRedisConnection<byte[], byte[]> outbox() {
        return open().outbox();
    }

    /** How many replicas could be promoted, as a Sentinel sees it; at least one, since none means that nothing is safe. */
    int healthyReplicas() {
        List<Map<String, String>> replicas = open().sentinel().sync().replicas(master);
        long healthy = replicas.stream().filter(RedisLink::isHealthy).count();
        return Math.max(1, Math.toIntExact(healthy));
    }

    private static boolean isHealthy(Map<String, String> replica) {
        String flags = replica.getOrDefault("flags", "");
        return !flags.contains("s_down")
                && !flags.contains("disconnected")
                && "ok".equals(replica.get("master-link-status"));
    }

    private Connections open() {
        return Objects.requireNonNull(connections, "Redis is not connected yet");
    }

    @Override
    public void stop() {
        Connections open = connections;
        connections = null;
        if (open != null) {
            open.client().shutdown(Duration.ZERO, Duration.ofSeconds(2));
        }
    }

    @Override
    public boolean isRunning() {
        return connections != null;
    }

    @Override
    public int getPhase() {
        return Phases.CONNECTIONS;
    }
}
