package io.catga.backup;

import io.nats.client.AuthenticationException;
import io.nats.client.Connection;
import io.nats.client.Message;
import io.nats.client.Nats;
import io.nats.client.Options;
import io.nats.client.Subscription;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Streams and consumers as JetStream's own interface has them, for which the client has no methods: requests and answers are
 * JSON (<a href="https://docs.nats.io/reference/reference-protocols/nats_api_reference">JetStream API reference</a>), and a
 * snapshot is a row of messages, each of which the receiver acknowledges before more come. For one thread.
 */
final class JetStream implements AutoCloseable {

    private static final String API = "$JS.API.";
    /** A stream that has just lost its leader has the next one after 4 to 8 s. */
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /** Well below the largest message that the servers take. */
    private static final int CHUNK = 128 * 1024;

    private static final int NO_CONTENT = 204;
    private static final int NO_SUCH_MESSAGE = 10037;

    private final Connection connection;

    private JetStream(Connection connection) {
        this.connection = connection;
    }

    /**
     * @param password  of the operator
     * @param authority who has signed the servers' certificate; an empty file where connections are not encrypted
     * @throws BackupException where no server answers, or none knows this password
     */
    static JetStream connect(List<String> servers, String password, Path authority)
            throws IOException, InterruptedException {
        Options.Builder options = Options.builder()
                .servers(servers.toArray(String[]::new))
                .userInfo("operator".toCharArray(), password.toCharArray())
                .connectionName("catga-backup")
                // the others are known by addresses of the cluster's network, which this host need not reach
                .ignoreDiscoveredServers()
                .connectionTimeout(Duration.ofSeconds(5));
        if (Files.size(authority) > 0) {
            options.sslContext(trusting(authority));
        }
        try {
            return new JetStream(Nats.connect(options.build()));
        } catch (AuthenticationException e) {
            throw new BackupException("NATS does not know the operator by the password of this folder", e);
        } catch (IOException e) {
            throw new BackupException("no NATS server answers at " + String.join(", ", servers), e);
        }
    }

    private static SSLContext trusting(Path authority) throws IOException {
        try (InputStream in = Files.newInputStream(authority)) {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            store.setCertificateEntry(
                    "cluster", CertificateFactory.getInstance("X.509").generateCertificate(in));
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(store);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new BackupException("there is no certificate to trust in " + authority, e);
        }
    }

    /** The place of the last message, also where that is not there any more. */
    long last(String stream) throws InterruptedException {
        return good(ask("STREAM.INFO." + stream, null), "look at " + stream)
                .path("state")
                .path("last_seq")
                .asLong();
    }

    /** Settings and position of each durable one. */
    List<JsonNode> consumers(String stream) throws InterruptedException {
        List<JsonNode> consumers = new ArrayList<>();
        int total;
        do {
            ObjectNode page = Archive.JSON.createObjectNode().put("offset", consumers.size());
            JsonNode answer = good(ask("CONSUMER.LIST." + stream, page), "list the consumers of " + stream);
            // a server that does not answer would be left out, with its consumers
            if (!answer.path("missing").isEmpty()) {
                throw new BackupException("nobody knows the positions of %s of %s now; try again"
                        .formatted(answer.path("missing"), stream));
            }
            answer.path("consumers").forEach(consumers::add);
            total = answer.path("total").asInt();
            if (answer.path("consumers").isEmpty()) {
                break;
            }
        } while (consumers.size() < total);
        consumers.removeIf(
                consumer -> consumer.path("config").path("durable_name").isMissingNode());
        return consumers;
    }

    /**
     * Copies a stream without its consumers, and gives its settings and what its state was.
     *
     * @throws BackupException where the server ends it early, or falls silent
     */
    JsonNode snapshot(String stream, OutputStream out) throws IOException, InterruptedException {
        String inbox = connection.createInbox();
        Subscription chunks = connection.subscribe(inbox);
        try {
            ObjectNode request = Archive.JSON
                    .createObjectNode()
                    .put("deliver_subject", inbox)
                    .put("no_consumers", true)
                    .put("jsck", true)
                    .put("chunk_size", CHUNK);
            JsonNode answer = good(ask("STREAM.SNAPSHOT." + stream, request), "copy " + stream);
            while (true) {
                Message chunk = chunks.nextMessage(PATIENCE);
                if (chunk == null) {
                    throw new BackupException("the copy of %s stopped; try again".formatted(stream));
                }
                if (chunk.getData().length == 0) {
                    // only a whole copy ends with this; a server that gives up says why
                    if (chunk.getStatus() != null && chunk.getStatus().getCode() != NO_CONTENT) {
                        throw new BackupException("the copy of %s was ended: %s"
                                .formatted(stream, chunk.getStatus().getMessageWithCode()));
                    }
                    return answer;
                }
                out.write(chunk.getData());
                if (chunk.getReplyTo() != null) {
                    connection.publish(chunk.getReplyTo(), null);
                }
            }
        } finally {
            chunks.unsubscribe();
        }
    }

    /** Those that are there, between two places. */
    List<Event> events(String stream, long first, long last) throws InterruptedException {
        List<Event> events = new ArrayList<>();
        for (long place = first; place <= last; place++) {
            JsonNode answer = ask(
                    "STREAM.MSG.GET." + stream, Archive.JSON.createObjectNode().put("seq", place));
            if (answer.path("error").path("err_code").asInt() != NO_SUCH_MESSAGE) {
                events.add(Event.read(good(answer, "read " + stream).path("message")));
            }
        }
        return events;
    }

    /** Removes messages, as many as are there, and gives what the stream has then. */
    JsonNode delete(String stream, List<Long> places) throws InterruptedException {
        for (long place : places) {
            // no need to overwrite it
            ObjectNode request =
                    Archive.JSON.createObjectNode().put("seq", place).put("no_erase", true);
            JsonNode answer = ask("STREAM.MSG.DELETE." + stream, request);
            if (answer.path("error").path("err_code").asInt() != NO_SUCH_MESSAGE) {
                good(answer, "remove a message of " + stream);
            }
        }
        return good(ask("STREAM.INFO." + stream, null), "look at " + stream).path("state");
    }

    /**
     * Makes a stream of a copy, and gives its state.
     *
     * @param settings what {@link #snapshot} has answered
     * @throws BackupException where there is such a stream, or the copy is no good
     */
    JsonNode restore(String stream, JsonNode settings, InputStream copy) throws IOException, InterruptedException {
        ObjectNode request = Archive.JSON.createObjectNode();
        request.set("config", settings.path("config"));
        request.set("state", settings.path("state"));
        String to = good(ask("STREAM.RESTORE." + stream, request), "restore " + stream)
                .path("deliver_subject")
                .asString();
        byte[] chunk;
        while ((chunk = copy.readNBytes(CHUNK)).length > 0) {
            Message taken = connection.request(to, chunk, PATIENCE);
            if (taken == null) {
                throw new BackupException("the server takes no more of " + stream);
            }
            if (taken.getData().length > 0) {
                throw new BackupException(
                        "the server does not take the copy of %s: %s".formatted(stream, text(taken.getData())));
            }
        }
        Message made = connection.request(to, new byte[0], PATIENCE);
        return good(answer(made, "STREAM.RESTORE." + stream), "restore " + stream);
    }

    /**
     * Makes a consumer with these settings whose next message is the one behind a position.
     *
     * @throws BackupException where it stands elsewhere after that
     */
    void createConsumer(String stream, JsonNode settings, long position) throws InterruptedException {
        String name = settings.path("durable_name").asString();
        ObjectNode request = Archive.JSON.createObjectNode().put("stream_name", stream);
        request.set("config", settings);
        String what = "make the consumer %s of %s".formatted(name, stream);
        good(ask("CONSUMER.CREATE.%s.%s".formatted(stream, name), request), what);
        // From its beginning is where it stands anyway.
        JsonNode there = position == 0
                ? good(ask("CONSUMER.INFO.%s.%s".formatted(stream, name), null), what)
                : good(
                        ask(
                                "CONSUMER.RESET.%s.%s".formatted(stream, name),
                                Archive.JSON.createObjectNode().put("seq", position + 1)),
                        what);
        long stands = there.path("ack_floor").path("stream_seq").asLong(-1);
        if (stands != position) {
            throw new BackupException(
                    "the consumer %s of %s stands at %d, not at %d".formatted(name, stream, stands, position));
        }
    }

    private JsonNode ask(String subject, @Nullable JsonNode request) throws InterruptedException {
        byte[] body = request == null ? new byte[0] : Archive.JSON.writeValueAsBytes(request);
        return answer(connection.request(API + subject, body, PATIENCE), subject);
    }

    private static JsonNode answer(@Nullable Message message, String subject) {
        if (message == null || message.getData() == null || message.getData().length == 0) {
            throw new BackupException("JetStream does not answer " + subject);
        }
        return Archive.JSON.readTree(message.getData());
    }

    private static JsonNode good(JsonNode answer, String what) {
        JsonNode error = answer.path("error");
        if (!error.isMissingNode()) {
            throw new BackupException("JetStream does not %s: %s (%d)"
                    .formatted(
                            what,
                            error.path("description").asString(""),
                            error.path("err_code").asInt()));
        }
        return answer;
    }

    private static String text(byte[] bytes) {
        return new String(bytes, java.nio.charset.StandardCharsets.UTF_8);
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
