package io.catga.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** An event that nobody can read, and what an operator does with it by {@code ./dead-letters.sh}. */
@ClusterTest
class DeadLettersIT {

    private static final String TYPE = "orders.order-created";
    private static final Duration SOON = Duration.ofSeconds(30);

    private static JsonNode deadLetters(String... arguments) {
        List<String> command = Stream.concat(Stream.of("./dead-letters.sh"), Stream.of(arguments))
                .toList();
        String output = Shell.run(Duration.ofMinutes(1), Map.of(), command.toArray(String[]::new))
                .expectSuccess(command)
                .output();
        return JsonMapper.builder().build().readTree(output);
    }

    private static List<String> consumers() {
        return deadLetters("list", "--type", TYPE).get("letters").findValuesAsString("consumer");
    }

    /** By the protocol itself: no client of ours would send this. */
    private static void publishWhatNobodyCanRead() throws IOException {
        String headers = "NATS/1.0\r\nCatga-Message-Type: " + TYPE + "\r\nCatga-Message-Id: " + UUID.randomUUID()
                + "\r\nCatga-Version: 1\r\n\r\n";
        String payload = "not json";
        String text = Nats.connect("\"verbose\":true,\"headers\":true") + "HPUB catga.event." + TYPE + ' '
                + headers.length() + ' ' + (headers.length() + payload.length()) + "\r\n" + headers + payload + "\r\n";
        try (Socket nats = new Socket("127.0.0.1", 4222);
                BufferedReader answers =
                        new BufferedReader(new InputStreamReader(nats.getInputStream(), StandardCharsets.US_ASCII))) {
            nats.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
            assertThat(List.of(answers.readLine().split(" ")[0], answers.readLine(), answers.readLine()))
                    .containsExactly("INFO", "+OK", "+OK");
        }
    }

    @AfterEach
    void purge() {
        deadLetters("purge-all", "--type", TYPE);
    }

    @Test
    void areListedReplayedToWhoGaveThemUpAndPurged() throws IOException {
        publishWhatNobodyCanRead();

        await().atMost(SOON)
                .untilAsserted(() ->
                        assertThat(consumers()).containsExactlyInAnyOrderElementsOf(Cluster.NOTIFICATION_SERVICES));
        JsonNode letters = deadLetters("list", "--type", TYPE).get("letters");
        assertThat(letters.findValuesAsString("code")).containsOnly("UNREADABLE");
        String one = letters.get(0).get("id").asString();
        assertThat(deadLetters("show", one).get("payload").asString()).isEqualTo("not json");

        assertThat(deadLetters("replay", one).get("replayed").asInt()).isEqualTo(1);
        await("given up again, under another id").atMost(SOON).untilAsserted(() -> {
            assertThat(consumers()).containsExactlyInAnyOrderElementsOf(Cluster.NOTIFICATION_SERVICES);
            assertThat(deadLetters("list", "--type", TYPE).get("letters").findValuesAsString("id"))
                    .doesNotContain(one);
        });

        assertThat(deadLetters("purge-all", "--code", "UNREADABLE")
                        .get("purged")
                        .asInt())
                .isEqualTo(2);
        assertThat(consumers()).isEmpty();
    }
}
