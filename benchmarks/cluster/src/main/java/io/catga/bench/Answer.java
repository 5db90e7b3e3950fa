package io.catga.bench;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

/**
 * One answer as it comes in: its status, where it ends, and whether the connection outlives it. It knows as much of HTTP/1.1
 * (RFC 9112) as servers use: a body with its length in front, or in chunks, or none.
 */
final class Answer {

    private static final int HEAD_MARK = 4;
    private static final int STATUS_BEGINS = 9;
    private static final int STATUS_ENDS = 12;

    private byte[] bytes = new byte[2048];
    private int length;
    private int bodyAt;
    private int bodyLength;
    private int chunkAt;
    private boolean chunked;
    private boolean closes;
    private int status;

    /** For the next answer of the same connection. */
    void reset() {
        length = 0;
        bodyAt = 0;
        bodyLength = 0;
        chunkAt = 0;
        chunked = false;
        closes = false;
        status = 0;
    }

    boolean hasBegun() {
        return length > 0;
    }

    int status() {
        return status;
    }

    boolean closes() {
        return closes;
    }

    /** What came as the body; in chunks, with their lengths between. */
    String body() {
        return new String(bytes, bodyAt, length - bodyAt, StandardCharsets.UTF_8);
    }

    /**
     * Takes what has come.
     *
     * @return whether the answer is complete
     */
    boolean add(ByteBuffer more) {
        int count = more.remaining();
        if (length + count > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, length + count));
        }
        more.get(bytes, length, count);
        length += count;
        if (bodyAt == 0 && !readHead()) {
            return false;
        }
        return chunked ? readChunks() : length >= bodyAt + bodyLength;
    }

    private boolean readHead() {
        int end = headEnd();
        if (end < 0) {
            return false;
        }
        String head = new String(bytes, 0, end, StandardCharsets.ISO_8859_1);
        if (!head.startsWith("HTTP/1.") || head.length() < STATUS_ENDS) {
            throw new IllegalStateException(
                    "this is no answer of HTTP/1.1: " + head.lines().findFirst().orElse(""));
        }
        status = Integer.parseInt(head, STATUS_BEGINS, STATUS_ENDS, 10);
        for (String line : head.split("\r\n")) {
            String header = line.toLowerCase(Locale.ROOT);
            if (header.startsWith("content-length:")) {
                bodyLength = Integer.parseInt(
                        header.substring(header.indexOf(':') + 1).strip());
            } else if (header.startsWith("transfer-encoding:")) {
                chunked = header.contains("chunked");
            } else if (header.startsWith("connection:")) {
                closes = header.contains("close");
            }
        }
        bodyAt = end + HEAD_MARK;
        chunkAt = bodyAt;
        return true;
    }

    private int headEnd() {
        for (int i = 0; i + HEAD_MARK <= length; i++) {
            if (bytes[i] == '\r' && bytes[i + 1] == '\n' && bytes[i + 2] == '\r' && bytes[i + 3] == '\n') {
                return i;
            }
        }
        return -1;
    }

    private boolean readChunks() {
        while (true) {
            int lineEnd = chunkAt;
            while (lineEnd + 1 < length && !(bytes[lineEnd] == '\r' && bytes[lineEnd + 1] == '\n')) {
                lineEnd++;
            }
            if (lineEnd + 1 >= length) {
                return false;
            }
            int size = Integer.parseInt(
                    new String(bytes, chunkAt, lineEnd - chunkAt, StandardCharsets.US_ASCII).split(";", 2)[0].strip(),
                    16);
            int next = lineEnd + 2 + size + 2;
            if (next > length) {
                return false;
            }
            if (size == 0) {
                return true;
            }
            chunkAt = next;
        }
    }
}
