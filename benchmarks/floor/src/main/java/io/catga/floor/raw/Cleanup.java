package io.catga.floor.raw;

import io.catga.floor.cluster.NatsClient;
import io.catga.floor.cluster.RedisLink;
import io.catga.floor.orders.Wire;
import io.lettuce.core.KeyScanCursor;
import io.lettuce.core.ScanArgs;
import io.lettuce.core.api.sync.RedisCommands;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.springframework.context.ConfigurableApplicationContext;

/** Removes what the floor has put into the infrastructure that it shares, and nothing else. */
public final class Cleanup {

    private static final int NO_SUCH_STREAM = 10059;
    private static final int KEYS_AT_ONCE = 1000;

    private Cleanup() {}

    /** All of it: to be called when the applications have stopped. */
    public static void run() throws IOException, JetStreamApiException {
        try (ConfigurableApplicationContext context = RawConfiguration.connect()) {
            remove(context, Wire.EVENT_STREAM);
            remove(context, RawRates.STREAM);
            unlink(context.getBean(RedisLink.class), "floor:*");
        }
    }

    /** What measuring the raw rates has left. */
    static void raw() throws IOException, JetStreamApiException {
        try (ConfigurableApplicationContext context = RawConfiguration.connect()) {
            remove(context, RawRates.STREAM);
            unlink(context.getBean(RedisLink.class), "floor:raw:*");
        }
    }

    private static void remove(ConfigurableApplicationContext context, String stream)
            throws IOException, JetStreamApiException {
        JetStreamManagement management =
                context.getBean(NatsClient.class).connection().jetStreamManagement(NatsClient.JETSTREAM);
        try {
            management.deleteStream(stream);
        } catch (JetStreamApiException e) {
            if (e.getApiErrorCode() != NO_SUCH_STREAM) {
                throw e;
            }
        }
    }

    private static void unlink(RedisLink redis, String pattern) {
        RedisCommands<byte[], byte[]> commands = redis.reads().sync();
        ScanArgs some = ScanArgs.Builder.matches(pattern.getBytes(StandardCharsets.UTF_8))
                .limit(KEYS_AT_ONCE);
        KeyScanCursor<byte[]> cursor = commands.scan(some);
        while (true) {
            if (!cursor.getKeys().isEmpty()) {
                commands.unlink(cursor.getKeys().toArray(byte[][]::new));
            }
            if (cursor.isFinished()) {
                return;
            }
            cursor = commands.scan(cursor, some);
        }
    }
}
