package io.catga.backup;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import tools.jackson.databind.JsonNode;

/**
 * What a message of the stream of events says about where it came from.
 *
 * @param place   in the stream
 * @param cause   the id of the message whose handler made it; empty where it does not say
 * @param created when, by its id; empty where the id has no time in it
 */
record Event(long place, String subject, Optional<String> cause, Optional<Instant> created) {

    private static final int TIME_ORDERED = 7;
    private static final int RANDOM_BITS = 16;
    /** Handed again from the dead letters: made long ago. */
    private static final String REPLAY = "._replay.";

    /** As JetStream gives a single message. */
    static Event read(JsonNode message) {
        String headers =
                new String(Base64.getDecoder().decode(message.path("hdrs").asString("")), StandardCharsets.UTF_8);
        return new Event(
                message.path("seq").asLong(),
                message.path("subject").asString(""),
                header("Catga-Causation-Id", headers),
                header("Catga-Message-Id", headers).flatMap(Event::time));
    }

    private static Optional<String> header(String name, String headers) {
        return headers.lines()
                .filter(line -> line.startsWith(name + ":"))
                .map(line -> line.substring(name.length() + 1).strip())
                .findFirst();
    }

    private static Optional<Instant> time(String id) {
        try {
            UUID uuid = UUID.fromString(id);
            return uuid.version() == TIME_ORDERED
                    ? Optional.of(Instant.ofEpochMilli(uuid.getMostSignificantBits() >>> RANDOM_BITS))
                    : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /**
     * Those that tell of something that a dump of Redis does not have. The record of a message that was handled is written
     * with what it changed, and is kept for a day: an event that was made within the last hour, and whose cause has no
     * record, was made after the dump. Where anything is in doubt it is not one of them.
     *
     * @param known the causes that have a record in the dump
     * @param since an hour before the dump
     */
    static List<Long> early(List<Event> events, Set<String> known, Instant since) {
        return events.stream()
                .filter(event -> !event.subject().contains(REPLAY))
                .filter(event ->
                        event.cause().filter(cause -> !known.contains(cause)).isPresent())
                .filter(event -> event.created().filter(since::isBefore).isPresent())
                .map(Event::place)
                .toList();
    }
}
