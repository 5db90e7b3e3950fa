package io.catga.backup;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** The parts of backup.sh and restore.sh that know what is in a backup; they say in their usage what is done. */
public final class Main {

    private Main() {}

    /** Ends with 0 if it was done, and with 1 if not, saying why. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        try {
            if (arguments.length != 2) {
                throw new BackupException("needs what to do, and with which file");
            }
            Path file = Path.of(arguments[1]).toAbsolutePath();
            switch (arguments[0]) {
                case "backup" -> backup(file);
                case "check" -> check(file);
                case "load" -> load(file);
                case "restore" -> restore(file);
                default -> throw new BackupException("there is nothing to do that is called " + arguments[0]);
            }
        } catch (BackupException e) {
            System.err.println("\nerror: " + e.getMessage());
            System.exit(1);
        }
    }

    private static void note(String text) {
        System.out.println("  " + text);
    }

    private static List<String> servers() {
        String bind = System.getenv().getOrDefault("BIND_ADDRESS", "");
        String host = bind.isEmpty() || bind.equals("0.0.0.0") ? "127.0.0.1" : bind;
        return List.of("nats://" + host + ":4222", "nats://" + host + ":4223", "nats://" + host + ":4224");
    }

    private static JetStream connect() throws IOException, InterruptedException {
        Path secrets = Path.of(".cluster", "secrets");
        Path password = secrets.resolve("nats-operator");
        if (!Files.exists(password)) {
            throw new BackupException(
                    "there is no password in %s: was the cluster started from another folder?".formatted(password));
        }
        return JetStream.connect(servers(), Files.readString(password), secrets.resolve("ca.pem"));
    }

    private static void backup(Path file) throws IOException, InterruptedException {
        try (JetStream jetStream = connect()) {
            new Backup(jetStream, Main::note).take(file);
        }
        note("%s, %s".formatted(file, Backup.size(Files.size(file))));
    }

    private static void check(Path file) throws IOException {
        try (Archive archive = new Archive(file)) {
            archive.verify();
            Manifest manifest = archive.manifest();
            note("taken %s, from %s, all checksums right"
                    .formatted(manifest.taken(), manifest.redis().node()));
        }
    }

    private static void load(Path file) throws IOException, InterruptedException {
        try (Archive archive = new Archive(file);
                InputStream dump = archive.open(Archive.REDIS)) {
            Manifest.Contents loaded = Redis.load(dump);
            prove(Proof.redis(archive.manifest().redis().contents(), loaded));
            note("%d orders, %d events in the outbox, %d keys; digest %s, as backed up"
                    .formatted(loaded.orders(), loaded.outbox(), loaded.keys(), loaded.digest()));
        }
    }

    private static void restore(Path file) throws IOException, InterruptedException {
        try (Archive archive = new Archive(file);
                JetStream jetStream = connect()) {
            Manifest manifest = archive.manifest();
            Map<String, List<Long>> nodes = Redis.orders();
            prove(Proof.replicas(manifest.redis().contents(), nodes));
            note("Redis: %d orders on each of %d nodes, as backed up"
                    .formatted(manifest.redis().contents().orders(), nodes.size()));
            for (Manifest.Stream stream : manifest.streams()) {
                restore(stream, archive, jetStream);
            }
        }
    }

    private static void restore(Manifest.Stream stream, Archive archive, JetStream jetStream)
            throws IOException, InterruptedException {
        JsonNode settings;
        try (InputStream in = archive.open(Archive.settingsOf(stream.name()))) {
            settings = Archive.JSON.readTree(in);
        }
        JsonNode state;
        try (InputStream copy = archive.open(Archive.snapshotOf(stream.name()))) {
            state = jetStream.restore(stream.name(), settings, copy).path("state");
        }
        Proof.State restored = new Proof.State(
                state.path("messages").asLong(),
                state.path("first_seq").asLong(),
                state.path("last_seq").asLong());
        prove(Proof.stream(stream, restored, Instant.now()));
        long left =
                jetStream.delete(stream.name(), stream.early()).path("messages").asLong();
        List<String> positions = new ArrayList<>();
        for (JsonNode consumer : settings.path("consumers")) {
            Manifest.Consumer noted = stream.consumers().get(positions.size());
            // Nothing that is gone is behind anybody.
            long position = Math.max(noted.position(), restored.first() - 1);
            jetStream.createConsumer(stream.name(), consumer, position);
            positions.add("%s at %d".formatted(noted.name(), position));
        }
        note("%s: %d messages, as backed up%s%s"
                .formatted(
                        stream.name(),
                        restored.messages(),
                        left == restored.messages()
                                ? ""
                                : ", less %d that came after Redis".formatted(restored.messages() - left),
                        positions.isEmpty() ? "" : "; " + String.join(", ", positions)));
    }

    private static void prove(List<String> differences) {
        if (!differences.isEmpty()) {
            throw new BackupException(
                    "what was restored is not what was backed up:\n       " + String.join("\n       ", differences));
        }
    }
}
