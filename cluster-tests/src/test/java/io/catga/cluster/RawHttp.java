package io.catga.cluster;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** Sends bytes as they are, which no HTTP client would, and keeps all that comes until the connection ends. */
final class RawHttp implements AutoCloseable {

    static final int BALANCER_PORT = 8080;

    private static final Duration CONNECT = Duration.ofSeconds(5);
    /**
     * Nothing for longer than an answer may take: the other side waits for more. It is told that there is none, and a load
     * balancer takes that for a client that has gone.
     */
    private static final Duration SILENCE = Duration.ofSeconds(6);
    /** More than any answer has; who sends more than this is not read to the end. */
    private static final int MOST = 8 << 20;

    /** What the client does when everything is sent. */
    enum After {
        /** Waits for the end of the connection. */
        WAIT,
        /** Says that nothing more comes, and waits. */
        END,
        /** Goes away. */
        HANG_UP
    }

    /** How a connection ended. */
    enum Ending {
        /** By the other side. */
        CLOSED,
        /** By the other side, in the middle of something. */
        RESET,
        /** By this side, as was meant. */
        LEFT,
        /** Not within the limit. */
        HUNG
    }

    /** All that came, and how it ended. */
    record Exchange(byte[] received, Ending ending) {}

    private final Duration limit;
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("raw-http-limit").factory());

    RawHttp(Duration limit) {
        this.limit = limit;
    }

    /** A connection on which something has been sent. */
    static Socket open(int port, byte[] bytes) throws IOException {
        Socket socket = new Socket();
        try {
            socket.connect(new InetSocketAddress("127.0.0.1", port), Math.toIntExact(CONNECT.toMillis()));
            socket.getOutputStream().write(bytes);
            return socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    Exchange exchange(int port, byte[] bytes, After after) throws IOException {
        try (Socket socket = open(port, new byte[0])) {
            ScheduledFuture<?> end =
                    clock.schedule(() -> closeQuietly(socket), limit.toMillis(), TimeUnit.MILLISECONDS);
            try {
                return exchange(socket, bytes, after, end);
            } finally {
                end.cancel(false);
            }
        }
    }

    private static Exchange exchange(Socket socket, byte[] bytes, After after, ScheduledFuture<?> end) {
        ByteArrayOutputStream received = new ByteArrayOutputStream();
        Ending ending;
        try {
            socket.getOutputStream().write(bytes);
            if (after == After.HANG_UP) {
                return new Exchange(new byte[0], Ending.LEFT);
            }
            if (after == After.END) {
                socket.shutdownOutput();
            }
            read(socket, received);
            ending = Ending.CLOSED;
        } catch (IOException e) {
            // it closes on what it does not want to read on, and what it had said may be lost with that
            ending = end.isDone() ? Ending.HUNG : Ending.RESET;
        }
        return new Exchange(received.toByteArray(), ending);
    }

    private static void read(Socket socket, ByteArrayOutputStream received) throws IOException {
        socket.setSoTimeout(Math.toIntExact(SILENCE.toMillis()));
        InputStream in = socket.getInputStream();
        byte[] buffer = new byte[8192];
        while (received.size() < MOST) {
            try {
                int length = in.read(buffer);
                if (length < 0) {
                    return;
                }
                received.write(buffer, 0, length);
            } catch (SocketTimeoutException silence) {
                if (!socket.isOutputShutdown()) {
                    socket.shutdownOutput();
                }
            }
        }
    }

    private static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // it is closed all the same
        }
    }

    @Override
    public void close() {
        clock.shutdownNow();
    }
}
