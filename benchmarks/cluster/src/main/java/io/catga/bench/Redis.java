package io.catga.bench;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * One Redis, by its protocol (RESP2): counts what is stored, and writes what a scenario needs to be stored, many commands to
 * a round trip. For one thread.
 */
final class Redis implements AutoCloseable {

    private static final int BUFFER = 1 << 18;
    private static final int PATIENCE_MILLIS = 30_000;

    private final Socket socket = new Socket();
    private final InputStream in;
    private final OutputStream out;
    private int unanswered;

    Redis(String host, int port) throws IOException {
        socket.connect(new InetSocketAddress(host, port), PATIENCE_MILLIS);
        socket.setSoTimeout(PATIENCE_MILLIS);
        socket.setTcpNoDelay(true);
        in = new BufferedInputStream(socket.getInputStream(), BUFFER);
        out = new BufferedOutputStream(socket.getOutputStream(), BUFFER);
    }

    /** As the operator of the cluster that was started from this folder. */
    static Redis ofCluster(String host, int port) throws IOException {
        Redis redis = new Redis(host, port);
        try {
            redis.call("AUTH", "operator", Files.readString(Path.of(".cluster", "secrets", "redis-operator")));
            return redis;
        } catch (IOException e) {
            redis.close();
            throw e;
        }
    }

    /** A text, a {@link Long}, a list of such, or an empty text for nothing. */
    Object call(String... command) throws IOException {
        finish();
        write(command);
        out.flush();
        return read();
    }

    long number(String... command) throws IOException {
        return call(command) instanceof Long number ? number : 0;
    }

    List<?> list(String... command) throws IOException {
        return call(command) instanceof List<?> list ? list : List.of();
    }

    /** Sends a command whose answer only has to be no error; {@link #finish} looks at it. */
    void add(String... command) throws IOException {
        write(command);
        unanswered++;
    }

    /** Waits for the answers to everything that was added. */
    void finish() throws IOException {
        out.flush();
        while (unanswered > 0) {
            unanswered--;
            read();
        }
    }

    private void write(String... command) throws IOException {
        out.write(("*" + command.length + "\r\n").getBytes(StandardCharsets.US_ASCII));
        for (String part : command) {
            byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
            out.write(("$" + bytes.length + "\r\n").getBytes(StandardCharsets.US_ASCII));
            out.write(bytes);
            out.write('\r');
            out.write('\n');
        }
    }

    private Object read() throws IOException {
        String line = line();
        String rest = line.substring(1);
        return switch (line.charAt(0)) {
            case '+' -> rest;
            case ':' -> Long.valueOf(rest);
            case '$' -> text(Integer.parseInt(rest));
            case '*' -> {
                List<Object> parts = new ArrayList<>();
                for (int i = Integer.parseInt(rest); i > 0; i--) {
                    parts.add(read());
                }
                yield parts;
            }
            default -> throw new IOException("Redis answered " + line);
        };
    }

    private String text(int length) throws IOException {
        if (length < 0) {
            return "";
        }
        byte[] bytes = in.readNBytes(length);
        in.skipNBytes(2);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\r'; c = in.read()) {
            if (c < 0) {
                throw new IOException("Redis closed the connection");
            }
            line.append((char) c);
        }
        in.skipNBytes(1);
        return line.toString();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
