package io.catga.floor.orders;

import io.catga.floor.cluster.NatsClient;
import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.api.RetentionPolicy;
import io.nats.client.api.StorageType;
import io.nats.client.api.StreamConfiguration;
import java.io.IOException;
import java.time.Duration;

/** The stream of the events, on three nodes. */
public final class EventStream {

    private static final StreamConfiguration CONFIGURATION = StreamConfiguration.builder()
            .name(Wire.EVENT_STREAM)
            .subjects("floor.events.>")
            .retentionPolicy(RetentionPolicy.Limits)
            .storageType(StorageType.File)
            .replicas(3)
            .duplicateWindow(Duration.ofMinutes(10))
            .maxAge(Duration.ofDays(7))
            .maxBytes(256L << 20)
            .build();

    private EventStream() {}

    /** Creates it unless it is there; harmless when several instances do so at once. */
    public static void ensure(Connection nats) throws IOException, JetStreamApiException {
        nats.jetStreamManagement(NatsClient.JETSTREAM).addStream(CONFIGURATION);
    }
}
