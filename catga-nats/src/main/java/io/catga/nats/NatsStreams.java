package io.catga.nats;

import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import io.nats.client.api.DiscardPolicy;
import io.nats.client.api.RetentionPolicy;
import io.nats.client.api.ServerInfo;
import io.nats.client.api.StorageType;
import io.nats.client.api.StreamConfiguration;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/**
 * The two streams: events, and dead letters. Limits retention, so that a consumer that does not exist yet misses
 * nothing (and interest retention has an open report of stalling, nats-server #7664).
 */
final class NatsStreams {

    /** 2.10 and earlier do not drop hung peers reliably, and ignore fields that they do not know. */
    private static final String OLDEST_SERVER = "2.11.0";

    private static final int NO_SUCH_STREAM = 10059;
    private static final long DEAD_LETTER_BYTES = 256L << 20;

    private final NatsOptions options;

    NatsStreams(NatsOptions options) {
        this.options = options;
    }

    /** Creates what is missing and changes what is different; harmless when several instances do it at once. */
    void ensure(Connection connection) throws IOException, JetStreamApiException {
        requireRecent(connection.getServerInfo());
        JetStreamManagement management = connection.jetStreamManagement(NatsLink.JETSTREAM);
        NatsEventOptions.Retention retention = options.events().retention();
        ensure(
                management,
                options.events().stream(),
                options.eventSubject(">"),
                retention.maxAge(),
                retention.maxBytes());
        ensure(
                management,
                options.events().deadLetterStream(),
                options.deadLetterSubject(">"),
                retention.deadLetterMaxAge(),
                DEAD_LETTER_BYTES);
    }

    static void requireRecent(ServerInfo server) throws IOException {
        if (!server.isSameOrNewerThanVersion(OLDEST_SERVER)) {
            throw new IOException("NATS server %s has version %s, and Catga needs %s or later; update the server"
                    .formatted(server.getServerName(), server.getVersion(), OLDEST_SERVER));
        }
    }

    private void ensure(JetStreamManagement management, String name, String subject, Duration maxAge, long maxBytes)
            throws IOException, JetStreamApiException {
        StreamConfiguration found;
        try {
            found = management.getStreamInfo(name).getConfiguration();
        } catch (JetStreamApiException e) {
            if (e.getApiErrorCode() != NO_SUCH_STREAM) {
                throw e;
            }
            management.addStream(describe(StreamConfiguration.builder().name(name), subject, maxAge, maxBytes));
            return;
        }
        if (!isAsWanted(found, subject, maxAge, maxBytes)) {
            management.updateStream(describe(StreamConfiguration.builder(found), subject, maxAge, maxBytes));
        }
    }

    private StreamConfiguration describe(
            StreamConfiguration.Builder stream, String subject, Duration maxAge, long maxBytes) {
        return stream.subjects(subject)
                .retentionPolicy(RetentionPolicy.Limits)
                .storageType(StorageType.File)
                .discardPolicy(DiscardPolicy.Old)
                .replicas(options.events().retention().replicas())
                .duplicateWindow(options.events().retention().dedupWindow())
                .maxAge(maxAge)
                .maxBytes(maxBytes)
                .build();
    }

    private boolean isAsWanted(StreamConfiguration found, String subject, Duration maxAge, long maxBytes) {
        NatsEventOptions.Retention retention = options.events().retention();
        return found.getSubjects().equals(List.of(subject))
                && found.getReplicas() == retention.replicas()
                && retention.dedupWindow().equals(found.getDuplicateWindow())
                && maxAge.equals(found.getMaxAge())
                && found.getMaxBytes() == maxBytes;
    }
}
