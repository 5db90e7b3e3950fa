package io.catga.nats;

import io.catga.nats.NatsEventOptions.Origin;
import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import io.nats.client.api.DiscardPolicy;
import io.nats.client.api.Placement;
import io.nats.client.api.RetentionPolicy;
import io.nats.client.api.ServerInfo;
import io.nats.client.api.Source;
import io.nats.client.api.StorageType;
import io.nats.client.api.StreamConfiguration;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

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
                new Wanted(
                        options.events().stream(),
                        options.eventSubject(">"),
                        options.events().site().origins(),
                        retention.maxAge(),
                        retention.maxBytes()));
        ensure(
                management,
                new Wanted(
                        options.events().deadLetterStream(),
                        options.deadLetterSubject(">"),
                        List.of(),
                        retention.deadLetterMaxAge(),
                        DEAD_LETTER_BYTES));
    }

    /** What differs between the two streams. */
    private record Wanted(String name, String subject, List<Origin> origins, Duration maxAge, long maxBytes) {

        List<Source> sources() {
            return origins.stream()
                    .map(origin -> Source.builder()
                            .name(origin.stream())
                            // Not what came to it from elsewhere: two streams that copy each other would do so for
                            // ever.
                            .filterSubject(NatsOptions.eventSubject(origin.subjectPrefix(), ">"))
                            .build())
                    .toList();
        }
    }

    static void requireRecent(ServerInfo server) throws IOException {
        if (!server.isSameOrNewerThanVersion(OLDEST_SERVER)) {
            throw new IOException("NATS server %s has version %s, and Catga needs %s or later; update the server"
                    .formatted(server.getServerName(), server.getVersion(), OLDEST_SERVER));
        }
    }

    private void ensure(JetStreamManagement management, Wanted wanted) throws IOException, JetStreamApiException {
        StreamConfiguration found;
        try {
            found = management.getStreamInfo(wanted.name()).getConfiguration();
        } catch (JetStreamApiException e) {
            if (e.getApiErrorCode() != NO_SUCH_STREAM) {
                throw e;
            }
            management.addStream(describe(StreamConfiguration.builder().name(wanted.name()), wanted));
            return;
        }
        if (!isAsWanted(found, wanted)) {
            management.updateStream(describe(StreamConfiguration.builder(found), wanted));
        }
    }

    private StreamConfiguration describe(StreamConfiguration.Builder stream, Wanted wanted) {
        String cluster = options.events().site().cluster();
        return stream.subjects(wanted.subject())
                .sources(wanted.sources())
                .placement(
                        cluster == null
                                ? null
                                : Placement.builder().cluster(cluster).build())
                .retentionPolicy(RetentionPolicy.Limits)
                .storageType(StorageType.File)
                .discardPolicy(DiscardPolicy.Old)
                .replicas(options.events().retention().replicas())
                .duplicateWindow(options.events().retention().dedupWindow())
                .maxAge(wanted.maxAge())
                .maxBytes(wanted.maxBytes())
                .build();
    }

    private boolean isAsWanted(StreamConfiguration found, Wanted wanted) {
        NatsEventOptions.Retention retention = options.events().retention();
        return found.getSubjects().equals(List.of(wanted.subject()))
                && copied(found.getSources()).equals(copied(wanted.sources()))
                && Objects.equals(cluster(found), options.events().site().cluster())
                && found.getReplicas() == retention.replicas()
                && retention.dedupWindow().equals(found.getDuplicateWindow())
                && wanted.maxAge().equals(found.getMaxAge())
                && found.getMaxBytes() == wanted.maxBytes();
    }

    private static Set<String> copied(@Nullable List<Source> sources) {
        return (sources == null ? List.<Source>of() : sources)
                .stream()
                        .map(source -> source.getName() + " " + source.getFilterSubject())
                        .collect(Collectors.toSet());
    }

    private static @Nullable String cluster(StreamConfiguration found) {
        Placement placement = found.getPlacement();
        return placement == null ? null : placement.getCluster();
    }
}
