package io.catga.cluster;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;

/** What the servers themselves say, at the addresses that the README gives. */
final class Nats {

    private static final String MONITORING = "http://127.0.0.1:%d/jsz?consumers=true";
    private static final int FIRST_PORT = 8222;
    private static final int CLIENTS_PORT = 4222;

    private Nats() {}

    /** Events that were sent to this instance, and that it has not acknowledged. */
    static int unacknowledged(String consumer) {
        return consumer(consumer).path("num_ack_pending").asInt();
    }

    /**
     * How many deliveries to this instance were not the first ones, less what its consumer was not made for or came too
     * early for it, which stays the same.
     */
    static long deliveredAgain(String consumer) {
        JsonNode delivered = consumer(consumer).path("delivered");
        return delivered.path("consumer_seq").asLong()
                - delivered.path("stream_seq").asLong();
    }

    /** As its leader says; nobody else knows all of it. */
    private static JsonNode consumer(String name) {
        return IntStream.rangeClosed(1, Cluster.NATS.size())
                .boxed()
                .flatMap(node -> consumers(node)
                        .filter(its -> its.path("name").asString().equals(name))
                        .filter(its ->
                                its.path("cluster").path("leader").asString().equals("nats-" + node)))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no leader of the consumer " + name));
    }

    private static Stream<JsonNode> consumers(int node) {
        JsonNode server = Orders.json(Orders.get(MONITORING.formatted(FIRST_PORT + node - 1)));
        return elements(server.path("account_details"))
                .flatMap(account -> elements(account.path("stream_detail")))
                .flatMap(stream -> elements(stream.path("consumer_detail")));
    }

    private static Stream<JsonNode> elements(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false);
    }

    /** Who says this may do everything. */
    static String connect(String options) {
        return "CONNECT {\"user\":\"operator\",\"pass\":\"%s\",%s}\r\n"
                .formatted(Cluster.password("nats-operator"), options);
    }

    /** A request without a body, in the protocol of its clients; the answer as it is. */
    static String request(String subject) {
        try (Socket socket = new Socket("127.0.0.1", CLIENTS_PORT)) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream()
                    .write((connect("\"verbose\":false") + "SUB answer 1\r\nPUB %s answer 0\r\n\r\n".formatted(subject))
                            .getBytes(StandardCharsets.US_ASCII));
            BufferedReader lines =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
            String line = lines.readLine();
            while (line != null && !line.startsWith("MSG answer")) {
                line = lines.readLine();
            }
            return String.valueOf(lines.readLine());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
