package io.catga.drill;

import io.nats.client.Connection;
import io.nats.client.ErrorListener;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import io.nats.client.JetStreamOptions;
import io.nats.client.Nats;
import io.nats.client.Options;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.StreamInfoOptions;
import io.nats.client.api.Subject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** JetStream, as a client in one data centre finds it. For one thread. */
final class JetStreamThere implements AutoCloseable {

    /** Nobody answers where there is no leader, until a node notices that there is none. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private static final int ATTEMPTS = 10;

    private final Connection connection;
    private final JetStreamManagement management;
    private int consumers;

    private JetStreamThere(Connection connection) throws IOException {
        this.connection = connection;
        this.management = connection.jetStreamManagement(
                JetStreamOptions.builder().requestTimeout(PATIENCE).build());
    }

    /** Tried more than once: the client gives up on a busy node that sends its first ping before its greeting was read. */
    static JetStreamThere at(DataCentre site) throws IOException, InterruptedException {
        Options options = Options.builder()
                .server(site.nats())
                .userInfo(
                        "operator".toCharArray(),
                        Files.readString(Path.of(".cluster", "secrets", "nats-operator"))
                                .toCharArray())
                .connectionName("catga-drill")
                // known by names of the containers' network
                .ignoreDiscoveredServers()
                .connectionTimeout(Duration.ofSeconds(5))
                .errorListener(new ErrorListener() {})
                .build();
        for (int attempt = 1; ; attempt++) {
            try {
                return new JetStreamThere(Nats.connect(options));
            } catch (IOException e) {
                if (attempt == ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    /** Tries to make a consumer, which takes the leader of all of JetStream; it is removed again. */
    boolean takesNewConsumers(String stream) {
        consumers++;
        String name = "drill-" + consumers;
        try {
            management.addOrUpdateConsumer(
                    stream,
                    ConsumerConfiguration.builder()
                            .durable(name)
                            .inactiveThreshold(Duration.ofMinutes(1))
                            .build());
            management.deleteConsumer(stream, name);
            return true;
        } catch (IOException | JetStreamApiException e) {
            return false;
        }
    }

    /** How many messages with such subjects a stream has. */
    long count(String stream, String subjects) throws IOException, JetStreamApiException {
        return management
                .getStreamInfo(stream, StreamInfoOptions.filterSubjects(subjects))
                .getStreamState()
                .getSubjects()
                .stream()
                .mapToLong(Subject::getCount)
                .sum();
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
