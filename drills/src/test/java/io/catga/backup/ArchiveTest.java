package io.catga.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArchiveTest {

    private static final String PART = "CATGA_EVENTS.snapshot";
    private static final byte[] CONTENT = "events".repeat(1000).getBytes(StandardCharsets.UTF_8);

    private Path file = Path.of("");

    @BeforeEach
    void name(@TempDir Path folder) {
        file = folder.resolve("orders.backup");
    }

    private Manifest manifest(List<Manifest.Part> parts) {
        return new Manifest(
                Manifest.FORMAT,
                Instant.parse("2026-01-02T03:04:05Z"),
                new Manifest.Redis("redis-2", new Manifest.Contents(24, 12, 4, 1, "abc")),
                List.of(new Manifest.Stream(
                        Backup.EVENTS,
                        4,
                        1,
                        4,
                        Instant.EPOCH,
                        0,
                        List.of(new Manifest.Consumer("one", 3)),
                        List.of(4L))),
                parts);
    }

    private void write() throws IOException, InterruptedException {
        try (ArchiveWriter writer = new ArchiveWriter(file)) {
            writer.add(PART, out -> {
                out.write(CONTENT);
                return 0;
            });
            writer.finish(manifest(writer.parts()));
        }
    }

    @Test
    void givesBackWhatWasWritten() throws Exception {
        write();

        try (Archive archive = new Archive(file)) {
            archive.verify();
            assertThat(archive.manifest()).isEqualTo(manifest(archive.manifest().files()));
            assertThat(archive.manifest().files()).singleElement().satisfies(part -> {
                assertThat(part.name()).isEqualTo(PART);
                assertThat(part.bytes()).isEqualTo(CONTENT.length);
            });
            try (InputStream in = archive.open(PART)) {
                assertThat(in.readAllBytes()).isEqualTo(CONTENT);
            }
        }
    }

    @Test
    void isForNobodyElse() throws Exception {
        write();

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    /** As whoever changes a zip does it: with a checksum of the zip that is right. */
    @Test
    void noticesAPartThatIsNotWhatWasWritten() throws Exception {
        write();
        try (FileSystem zip = FileSystems.newFileSystem(file)) {
            Files.writeString(zip.getPath(PART), "other events");
        }

        try (Archive archive = new Archive(file)) {
            assertThatThrownBy(archive::verify).hasMessageContaining(PART).hasMessageContaining("checksum");
        }
    }

    @Test
    void noticesAPartThatIsMissing() throws Exception {
        write();
        try (FileSystem zip = FileSystems.newFileSystem(file)) {
            Files.delete(zip.getPath(PART));
        }

        try (Archive archive = new Archive(file)) {
            assertThatThrownBy(archive::verify).hasMessageContaining("has no " + PART);
        }
    }

    @Test
    void refusesHalfAFile() throws Exception {
        write();
        byte[] whole = Files.readAllBytes(file);
        Files.write(file, java.util.Arrays.copyOf(whole, whole.length / 2));

        assertThatThrownBy(() -> new Archive(file)).isInstanceOf(BackupException.class);
    }

    @Test
    void refusesAnotherFormat() throws Exception {
        write();
        try (FileSystem zip = FileSystems.newFileSystem(file)) {
            Path manifest = zip.getPath(Archive.MANIFEST);
            Files.writeString(manifest, Files.readString(manifest).replace("\"format\" : 1", "\"format\" : 2"));
        }

        assertThatThrownBy(() -> new Archive(file)).hasMessageContaining("format 2");
    }

    @Test
    void refusesAZipThatIsNoBackup() throws Exception {
        write();
        try (FileSystem zip = FileSystems.newFileSystem(file)) {
            Files.delete(zip.getPath(Archive.MANIFEST));
        }

        assertThatThrownBy(() -> new Archive(file)).hasMessageContaining("it is no backup");
    }

    @Test
    void whatWasNotFinishedLeavesTheLastBackupAndNothingElse() throws Exception {
        write();
        byte[] before = Files.readAllBytes(file);

        assertThatThrownBy(() -> {
                    try (ArchiveWriter writer = new ArchiveWriter(file)) {
                        writer.add(PART, out -> {
                            throw new BackupException("the copy stopped");
                        });
                    }
                })
                .hasMessage("the copy stopped");

        assertThat(Files.readAllBytes(file)).isEqualTo(before);
        try (var left = Files.list(file.toAbsolutePath().getParent())) {
            assertThat(left).containsExactly(file);
        }
    }
}
