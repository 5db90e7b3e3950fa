package io.catga.backup;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Writes an archive: a zip, whose files are noted with their checksums, and the manifest as the last. It gets its name only
 * when it is complete, so nothing that has the name of a backup is half of one. For one thread.
 */
final class ArchiveWriter implements AutoCloseable {

    private final Path file;
    private final Path unfinished;
    private final ZipOutputStream zip;
    private final List<Manifest.Part> parts = new ArrayList<>();

    ArchiveWriter(Path file) throws IOException {
        this.file = file;
        this.unfinished = file.resolveSibling(file.getFileName() + ".part");
        createPrivate(unfinished);
        this.zip = new ZipOutputStream(Files.newOutputStream(unfinished));
        // Snapshots of streams are compressed already, and the dump becomes little smaller for much more time.
        zip.setLevel(Deflater.BEST_SPEED);
    }

    /** In the place of whatever is there. For nobody else where the file system knows users: it has customers' data. */
    static void createPrivate(Path path) throws IOException {
        Files.deleteIfExists(path);
        if (Files.getFileStore(path.getParent()).supportsFileAttributeView("posix")) {
            Files.createFile(path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        } else {
            Files.createFile(path);
        }
    }

    /** What writes a file. */
    interface Content<T> {
        T writeTo(OutputStream out) throws IOException, InterruptedException;
    }

    /** Adds a file, and gives what its writer came to. */
    <T> T add(String name, Content<T> content) throws IOException, InterruptedException {
        zip.putNextEntry(new ZipEntry(name));
        MessageDigest digest = Archive.sha256();
        Counting counting = new Counting(zip);
        DigestOutputStream out = new DigestOutputStream(counting, digest);
        T result = content.writeTo(out);
        out.flush();
        zip.closeEntry();
        parts.add(new Manifest.Part(name, counting.count, Archive.hex(digest)));
        return result;
    }

    List<Manifest.Part> parts() {
        return List.copyOf(parts);
    }

    /** Nothing can be added after that. */
    void finish(Manifest manifest) throws IOException {
        zip.putNextEntry(new ZipEntry(Archive.MANIFEST));
        zip.write(Archive.JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(manifest));
        zip.closeEntry();
        zip.close();
        Files.move(unfinished, file, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Removes what was not finished. */
    @Override
    public void close() throws IOException {
        if (Files.exists(unfinished)) {
            zip.close();
            Files.delete(unfinished);
        }
    }

    private static final class Counting extends FilterOutputStream {

        private long count;

        Counting(OutputStream out) {
            super(out);
        }

        @Override
        public void write(int one) throws IOException {
            out.write(one);
            count++;
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
            out.write(bytes, from, length);
            count += length;
        }
    }
}
