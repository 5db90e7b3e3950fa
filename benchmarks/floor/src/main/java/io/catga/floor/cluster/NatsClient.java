package io.catga.floor.cluster;

import io.nats.client.Connection;
import io.nats.client.JetStreamOptions;
import io.nats.client.Nats;
import io.nats.client.Options;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/** The connection of this instance to NATS: open before anything uses it, closed after everything has stopped. */
public final class NatsClient implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(NatsClient.class);

    /** An answer takes longer while a stream elects its leader. */
    public static final JetStreamOptions JETSTREAM =
            JetStreamOptions.builder().requestTimeout(Duration.ofSeconds(5)).build();

    private final Options options;
    private volatile @Nullable Connection connection;

    public NatsClient(FloorProperties properties, String name) {
        this.options = Options.builder()
                .servers(properties.nats().toArray(String[]::new))
                .connectionName(name)
                .userInfo(
                        properties.user().toCharArray(),
                        properties.natsPassword().toCharArray())
                .maxReconnects(-1)
                .reconnectWait(Duration.ofMillis(100))
                .reconnectJitter(Duration.ofMillis(50))
                .connectionTimeout(Duration.ofMillis(500))
                // A server that hangs is left after half a second.
                .pingInterval(Duration.ofMillis(250))
                .maxPingsOut(2)
                .reportNoResponders()
                .build();
    }

    /** The open connection. */
    public Connection connection() {
        Connection open = connection;
        if (open == null) {
            throw new IllegalStateException("NATS is not connected yet");
        }
        return open;
    }

    @Override
    public void start() {
        try {
            connection = Nats.connectReconnectOnConnect(options);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot connect to " + options.getServers(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while connecting to NATS", e);
        }
    }

    @Override
    public void stop() {
        Connection open = connection;
        connection = null;
        if (open == null) {
            return;
        }
        try {
            // what the handlers have just answered is still to be written
            open.flush(Duration.ofSeconds(1));
        } catch (TimeoutException e) {
            LOG.warn("The last answers may not have reached NATS");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        try {
            open.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public boolean isRunning() {
        return connection != null;
    }

    @Override
    public int getPhase() {
        return Phases.CONNECTIONS;
    }
}
