package io.catga.nats;

import io.catga.CatgaException;
import io.catga.ErrorCode;
import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamOptions;
import io.nats.client.api.ClusterInfo;
import io.nats.client.api.Replica;
import io.nats.client.api.StreamInfo;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How the streams are, as JetStream itself says: for metrics, where no exporter reads it off the servers. Thread-safe.
 *
 * <p>Only the leader of a stream answers for it. Where there is none, any node that has seen that says so; a node that
 * has not yet seen it says nothing, so silence over a connection that stands counts as having no leader, too.
 */
public final class NatsStreamStates {

    private static final int NO_SUCH_STREAM = 10059;
    private static final JetStreamOptions BRIEFLY =
            JetStreamOptions.builder().requestTimeout(Duration.ofSeconds(2)).build();

    /**
     * How a stream is.
     *
     * @param hasLeader       whether it can be published to and read from
     * @param messages        how many messages it has; null while it has no leader
     * @param currentReplicas how many copies have everything that is confirmed, the leader's included; 0 without a leader
     */
    public record State(boolean hasLeader, @Nullable Long messages, int currentReplicas) {

        private static final State WITHOUT_LEADER = new State(false, null, 0);
    }

    private final NatsLink link;

    /** Of the streams that the options of this link name. */
    public NatsStreamStates(NatsLink link) {
        this.link = link;
    }

    /** The names of the streams that can be asked about. */
    public List<String> streams() {
        NatsEventOptions options = link.options().events();
        return List.of(options.stream(), options.deadLetterStream());
    }

    /**
     * Asks for the state of a stream, which takes up to 2 s.
     *
     * @throws CatgaException with {@link ErrorCode#UNAVAILABLE} while there is no connection, and with
     *     {@link ErrorCode#NOT_FOUND} where there is no such stream yet
     */
    public State ask(String stream) {
        Connection connection = link.connection();
        if (connection == null || !link.isConnected()) {
            throw new CatgaException(ErrorCode.UNAVAILABLE, "there is no connection to NATS");
        }
        try {
            return stateOf(connection.jetStreamManagement(BRIEFLY).getStreamInfo(stream));
        } catch (JetStreamApiException e) {
            if (e.getApiErrorCode() == NO_SUCH_STREAM) {
                throw new CatgaException(ErrorCode.NOT_FOUND, "there is no stream " + stream, e);
            }
            return State.WITHOUT_LEADER;
        } catch (IOException | IllegalStateException e) {
            Optional<String> refused = link.refusedCall();
            if (refused.isPresent()) {
                throw new CatgaException(ErrorCode.UNAVAILABLE, refused.get(), e);
            }
            if (link.isConnected()) {
                return State.WITHOUT_LEADER;
            }
            throw new CatgaException(ErrorCode.UNAVAILABLE, "the connection to NATS broke", e);
        }
    }

    private static State stateOf(StreamInfo info) {
        long messages = info.getStreamState().getMsgCount();
        ClusterInfo cluster = info.getClusterInfo();
        if (cluster == null) {
            // a server that is not part of a cluster
            return new State(true, messages, 1);
        }
        String leader = cluster.getLeader();
        if (leader == null || leader.isEmpty()) {
            return State.WITHOUT_LEADER;
        }
        List<Replica> others = cluster.getReplicas() == null ? List.of() : cluster.getReplicas();
        long current = others.stream()
                .filter(replica -> replica.isCurrent() && !replica.isOffline())
                .count();
        return new State(true, messages, 1 + Math.toIntExact(current));
    }
}
