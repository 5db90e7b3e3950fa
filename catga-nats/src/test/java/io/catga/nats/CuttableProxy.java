package io.catga.nats;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A way to a NATS server that a test can cut and open again. */
final class CuttableProxy implements AutoCloseable {

    private static final int PIECE = 1 << 16;

    private final String host;
    private final int port;
    private final ServerSocket entrance;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final Lock lock = new ReentrantLock();
    private final AtomicInteger refused = new AtomicInteger();
    private final AtomicReference<@Nullable String> fatal = new AtomicReference<>();
    private boolean open;

    CuttableProxy(NatsTestServer server) {
        this.host = server.getHost();
        this.port = server.getMappedPort(4222);
        try {
            entrance = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofVirtual().start(this::accept);
    }

    String url() {
        return "nats://localhost:" + entrance.getLocalPort();
    }

    CuttableProxy open() {
        set(true);
        return this;
    }

    private void set(boolean isOpen) {
        lock.lock();
        try {
            open = isOpen;
        } finally {
            lock.unlock();
        }
    }

    /** How many connections lead through it now. */
    int connections() {
        return sockets.size() / 2;
    }

    /** How many connections have been turned away so far. */
    int refused() {
        return refused.get();
    }

    /** Breaks the connections that there are; new ones are possible. */
    void cut() {
        sockets.forEach(CuttableProxy::closeQuietly);
    }

    /** Breaks the next connection whose client sends this, which is lost. */
    void cutAt(String text) {
        fatal.set(text);
    }

    /** Whether a connection was broken by what its client has sent. */
    boolean hasCut() {
        return fatal.get() == null;
    }

    /** Breaks the connections that there are, and lets none through until it is opened again. */
    void shut() {
        set(false);
        cut();
    }

    private void accept() {
        while (!entrance.isClosed()) {
            try {
                join(entrance.accept());
            } catch (IOException e) {
                // the proxy or the server is closed; the loop's condition tells
            }
        }
    }

    /** Under the lock, so that none slips through beside a {@link #shut}. */
    private void join(Socket client) throws IOException {
        lock.lock();
        try {
            if (open) {
                join(client, new Socket(host, port));
            } else {
                refused.incrementAndGet();
                client.close();
            }
        } finally {
            lock.unlock();
        }
    }

    private void join(Socket client, Socket server) {
        sockets.add(client);
        sockets.add(server);
        Thread.ofVirtual().start(() -> pump(client, server, this::isFatal));
        Thread.ofVirtual().start(() -> pump(server, client, _ -> false));
    }

    /** In one piece: the client writes a message at once. */
    private boolean isFatal(String piece) {
        String text = fatal.get();
        return text != null && piece.contains(text) && fatal.compareAndSet(text, null);
    }

    private void pump(Socket from, Socket to, Predicate<String> isFatal) {
        try (InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream()) {
            byte[] piece = new byte[PIECE];
            int length = in.read(piece);
            while (length >= 0 && !isFatal.test(new String(piece, 0, length, StandardCharsets.ISO_8859_1))) {
                out.write(piece, 0, length);
                length = in.read(piece);
            }
        } catch (IOException e) {
            // one side has ended, and so does the other
        } finally {
            sockets.remove(from);
            closeQuietly(to);
        }
    }

    private static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        shut();
        entrance.close();
    }
}
