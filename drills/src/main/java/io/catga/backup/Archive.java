package io.catga.backup;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads an archive that {@link ArchiveWriter} has written. For one thread. */
final class Archive implements AutoCloseable {

    static final String MANIFEST = "manifest.json";
    static final String REDIS = "redis.rdb";
    static final JsonMapper JSON = JsonMapper.builder().build();

    private final Path file;
    private final ZipFile zip;
    private final Manifest manifest;

    /** @throws BackupException where the file is no backup, or one of another format */
    Archive(Path file) throws IOException {
        this.file = file;
        try {
            this.zip = new ZipFile(file.toFile());
        } catch (IOException e) {
            throw new BackupException("%s cannot be read as a backup: %s".formatted(file, e.getMessage()), e);
        }
        try {
            this.manifest = readManifest();
        } catch (RuntimeException | IOException e) {
            zip.close();
            throw e;
        }
    }

    private Manifest readManifest() throws IOException {
        ZipEntry entry = zip.getEntry(MANIFEST);
        if (entry == null) {
            throw new BackupException("%s has no %s: it is no backup".formatted(file, MANIFEST));
        }
        try (InputStream in = zip.getInputStream(entry)) {
            JsonNode read = JSON.readTree(in);
            if (read.path("format").asInt(0) != Manifest.FORMAT) {
                throw new BackupException("%s has the format %s, and this version reads %d"
                        .formatted(file, read.path("format"), Manifest.FORMAT));
            }
            return JSON.treeToValue(read, Manifest.class);
        } catch (JacksonException e) {
            throw new BackupException("the %s of %s cannot be read".formatted(MANIFEST, file), e);
        }
    }

    /** Of the snapshot of a stream. */
    static String snapshotOf(String stream) {
        return stream + ".snapshot";
    }

    /** Of the settings of a stream and its consumers. */
    static String settingsOf(String stream) {
        return stream + ".json";
    }

    Manifest manifest() {
        return manifest;
    }

    InputStream open(String name) throws IOException {
        ZipEntry entry = zip.getEntry(name);
        if (entry == null) {
            throw new BackupException("%s has no %s".formatted(file, name));
        }
        return zip.getInputStream(entry);
    }

    /**
     * Reads everything.
     *
     * @throws BackupException where a file is not what it was when it was written
     */
    void verify() throws IOException {
        for (Manifest.Part part : manifest.files()) {
            MessageDigest digest = sha256();
            long bytes;
            try (DigestInputStream in = new DigestInputStream(open(part.name()), digest)) {
                bytes = in.transferTo(OutputStream.nullOutputStream());
            } catch (IOException e) {
                throw new BackupException("%s in %s is damaged: %s".formatted(part.name(), file, e.getMessage()), e);
            }
            if (bytes != part.bytes() || !hex(digest).equals(part.sha256())) {
                throw new BackupException(
                        "%s in %s is not what was backed up: its checksum is another one".formatted(part.name(), file));
            }
        }
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    static String hex(MessageDigest digest) {
        return HexFormat.of().formatHex(digest.digest());
    }

    @Override
    public void close() throws IOException {
        zip.close();
    }
}
