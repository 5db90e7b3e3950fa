package io.catga.backup;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Takes a backup while the cluster works. No moment is the same for all of its parts, so the parts are read in the order
 * that makes every difference harmless: whatever says that something is done is read before the place where it was done.
 *
 * <ol>
 *   <li>The positions of the consumers. An event that they have behind them was handled: its notification is in Redis, or
 *       its dead letter in the stream of those, and both are read later.
 *   <li>Redis. What is not in its outbox any more was published: the stream of events is read later.
 *   <li>The dead letters. One that is not there any more was handed again, by the stream of events, which is read later.
 *   <li>The events.
 * </ol>
 *
 * <p>So everything is there at least once. Too much is there as well: events of orders that came after Redis was read. They
 * are known by their causes, of which Redis has no record ({@link Event#early}), and are not restored. What is there twice
 * (an event in the outbox and in the stream, one that is delivered again, a letter that was handed again) the consumers'
 * records of what they have handled drop, as they do when an instance dies between two steps.
 */
final class Backup {

    static final String EVENTS = "CATGA_EVENTS";
    static final String DEAD_LETTERS = "CATGA_DEAD_LETTERS";
    /** In the order in which they are copied. */
    static final List<String> STREAMS = List.of(DEAD_LETTERS, EVENTS);

    /** Much less than records of handled messages are kept, and much more than clocks differ. */
    private static final Duration RECORDED = Duration.ofHours(1);

    private final JetStream jetStream;
    private final Consumer<String> notes;

    /** @param notes told what was done, for people */
    Backup(JetStream jetStream, Consumer<String> notes) {
        this.jetStream = jetStream;
        this.notes = notes;
    }

    /** @throws BackupException where something cannot be read; there is no file then */
    void take(Path file) throws IOException, InterruptedException {
        Instant taken = Instant.now();
        Map<String, List<JsonNode>> positions = new LinkedHashMap<>();
        for (String stream : STREAMS) {
            positions.put(stream, jetStream.consumers(stream));
        }
        // What was published until now is in Redis, too.
        long sure = jetStream.last(EVENTS);
        Path dump = file.resolveSibling(file.getFileName() + ".rdb");
        try (ArchiveWriter archive = new ArchiveWriter(file)) {
            String node = dump(archive, dump);
            List<Manifest.Stream> streams = new ArrayList<>();
            for (Map.Entry<String, List<JsonNode>> stream : positions.entrySet()) {
                streams.add(stream(archive, stream.getKey(), stream.getValue()));
            }
            Manifest.Stream events = streams.removeLast();
            List<Event> recent = jetStream.events(EVENTS, Math.max(sure + 1, events.first()), events.last());
            Redis.Inspection inspection = inspect(node, dump, recent);
            streams.add(without(Event.early(recent, inspection.known(), taken.minus(RECORDED)), events));
            archive.finish(new Manifest(
                    Manifest.FORMAT, taken, new Manifest.Redis(node, inspection.contents()), streams, archive.parts()));
        } finally {
            Files.deleteIfExists(dump);
        }
    }

    /** First into a file of its own: a node that copies keeps what is written meanwhile until the copy is taken. */
    private String dump(ArchiveWriter archive, Path dump) throws IOException, InterruptedException {
        String node = Redis.source();
        ArchiveWriter.createPrivate(dump);
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(dump))) {
            Redis.dump(node, out);
        }
        archive.add(Archive.REDIS, out -> Files.copy(dump, out));
        return node;
    }

    private Redis.Inspection inspect(String node, Path dump, List<Event> recent)
            throws IOException, InterruptedException {
        List<String> causes = recent.stream()
                .flatMap(event -> event.cause().stream())
                .distinct()
                .toList();
        try (InputStream in = Files.newInputStream(dump)) {
            Redis.Inspection inspection = Redis.inspect(in, causes);
            Manifest.Contents contents = inspection.contents();
            notes.accept("%s: %d orders, %d events in the outbox, %d keys, %s; loaded once"
                    .formatted(node, contents.orders(), contents.outbox(), contents.keys(), size(Files.size(dump))));
            return inspection;
        }
    }

    private Manifest.Stream without(List<Long> early, Manifest.Stream events) {
        if (!early.isEmpty()) {
            notes.accept("%d events came after the dump of Redis, and are not restored".formatted(early.size()));
        }
        return new Manifest.Stream(
                events.name(),
                events.messages(),
                events.first(),
                events.last(),
                events.firstAt(),
                events.maxAge(),
                events.consumers(),
                early);
    }

    private Manifest.Stream stream(ArchiveWriter archive, String name, List<JsonNode> consumers)
            throws IOException, InterruptedException {
        JsonNode settings = archive.add(Archive.snapshotOf(name), out -> jetStream.snapshot(name, out));
        ObjectNode kept = Archive.JSON.createObjectNode();
        kept.set("config", settings.path("config"));
        kept.set("state", settings.path("state"));
        ArrayNode keptConsumers = kept.putArray("consumers");
        List<Manifest.Consumer> noted = new ArrayList<>();
        for (JsonNode consumer : consumers) {
            keptConsumers.add(consumer.path("config"));
            noted.add(new Manifest.Consumer(
                    consumer.path("name").asString(),
                    consumer.path("ack_floor").path("stream_seq").asLong()));
        }
        archive.add(Archive.settingsOf(name), out -> {
            out.write(Archive.JSON.writeValueAsBytes(kept));
            return kept;
        });
        JsonNode state = settings.path("state");
        notes.accept("%s: %d messages, %d consumers"
                .formatted(name, state.path("messages").asLong(), noted.size()));
        return new Manifest.Stream(
                name,
                state.path("messages").asLong(),
                state.path("first_seq").asLong(),
                state.path("last_seq").asLong(),
                state.path("messages").asLong() == 0
                        ? Instant.EPOCH
                        : Instant.parse(state.path("first_ts").asString()),
                settings.path("config").path("max_age").asLong(),
                noted,
                List.of());
    }

    static String size(long bytes) {
        return bytes < 1 << 20 ? "%d kB".formatted((bytes + 1023) >> 10) : "%d MB".formatted((bytes + (1 << 19)) >> 20);
    }
}
