package io.catga.bench;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Sends requests over HTTP/1.1 when they are due, and notes what becomes of each. One thread does it all on connections that
 * are kept, so that it takes little of the machine that it measures: see {@code docs/decisions.md}.
 *
 * <p>A request that is due while every connection is busy waits, and its latency counts from when it was due. Nothing is
 * sent twice: a request whose connection breaks has failed.
 */
final class LoadGenerator {

    /** More than the cluster lets any request wait. */
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private static final int BUFFER = 1 << 17;
    private static final long LOOK_AROUND_MILLIS = 100;
    private static final long MILLI = 1_000_000;

    private final InetSocketAddress server;
    private final int success;
    private final int connections;
    private final Watcher watcher;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER);
    private final Set<Connection> open = new HashSet<>();
    private final ArrayDeque<Connection> idle = new ArrayDeque<>();
    private final ArrayDeque<Long> waiting = new ArrayDeque<>();
    private int busy;

    /** Is told of every successful answer, by the thread that sends; it must be quick. */
    interface Watcher {

        Watcher NONE = (answer, now) -> {};

        void answered(Answer answer, long now);
    }

    /**
     * @param success     the status of an answer that is one
     * @param connections at most so many at a time
     */
    LoadGenerator(InetSocketAddress server, int success, int connections, Watcher watcher) {
        this.server = server;
        this.success = success;
        this.connections = connections;
        this.watcher = watcher;
    }

    private static final class Connection {

        private final SocketChannel channel;
        private final Answer answer = new Answer();
        private @Nullable ByteBuffer unsent;
        private @Nullable SelectionKey key;
        private long due;
        private long sent;
        private boolean waits;

        Connection(SocketChannel channel) {
            this.channel = channel;
        }
    }

    /**
     * Sends until nothing more is due, and waits until everything is answered or has had {@link #PATIENCE}.
     *
     * @param tally of this round alone
     */
    void run(Arrivals arrivals, Requests requests, Tally tally) throws IOException {
        try (Selector selector = Selector.open();
                Pacer pacer = new Pacer(selector)) {
            long sequence = 0;
            long lookAround = System.nanoTime();
            while (true) {
                long now = System.nanoTime();
                while (arrivals.next() <= now) {
                    waiting.add(arrivals.next());
                    arrivals.taken();
                }
                while (!waiting.isEmpty() && (!idle.isEmpty() || open.size() < connections)) {
                    send(selector, arrivals, tally, waiting.remove(), requests.bytes(sequence++));
                }
                long next = arrivals.next();
                if (next == Arrivals.NONE && busy == 0 && waiting.isEmpty()) {
                    return;
                }
                if (now - lookAround > LOOK_AROUND_MILLIS * MILLI) {
                    lookAround = now;
                    giveUpOnTheSlow(arrivals, tally, now);
                }
                await(selector, pacer, next);
                for (SelectionKey key : selector.selectedKeys()) {
                    if (key.isValid() && key.attachment() instanceof Connection connection) {
                        goOn(connection, key, arrivals, tally);
                    }
                }
                selector.selectedKeys().clear();
            }
        } finally {
            for (Connection connection : open) {
                connection.channel.close();
            }
            open.clear();
            idle.clear();
        }
    }

    private static void await(Selector selector, Pacer pacer, long next) throws IOException {
        long wait = next - System.nanoTime();
        if (next != Arrivals.NONE && wait <= 0) {
            selector.selectNow();
            return;
        }
        if (next != Arrivals.NONE && wait < LOOK_AROUND_MILLIS * MILLI) {
            pacer.wakeAt(next);
        }
        selector.select(LOOK_AROUND_MILLIS);
    }

    private void send(Selector selector, Arrivals arrivals, Tally tally, long due, byte[] request) throws IOException {
        Connection connection = idle.isEmpty() ? new Connection(SocketChannel.open()) : idle.pop();
        connection.due = due;
        connection.sent = System.nanoTime();
        connection.answer.reset();
        connection.unsent = ByteBuffer.wrap(request);
        connection.waits = true;
        busy++;
        try {
            if (open.add(connection)) {
                connection.channel.configureBlocking(false);
                connection.channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
                boolean connected = connection.channel.connect(server);
                connection.key = connection.channel.register(
                        selector, connected ? SelectionKey.OP_READ : SelectionKey.OP_CONNECT, connection);
                if (!connected) {
                    return;
                }
            }
            write(connection);
        } catch (IOException e) {
            fail(connection, arrivals, tally, reason(e));
        }
    }

    private static void write(Connection connection) throws IOException {
        ByteBuffer unsent = connection.unsent;
        SelectionKey key = connection.key;
        if (unsent == null || key == null) {
            return;
        }
        connection.channel.write(unsent);
        boolean all = !unsent.hasRemaining();
        if (all) {
            connection.unsent = null;
        }
        int interest = all ? SelectionKey.OP_READ : SelectionKey.OP_READ | SelectionKey.OP_WRITE;
        if (key.interestOps() != interest) {
            key.interestOps(interest);
        }
    }

    private void goOn(Connection connection, SelectionKey key, Arrivals arrivals, Tally tally) {
        try {
            if (key.isConnectable()) {
                connection.channel.finishConnect();
                write(connection);
            } else if (key.isWritable()) {
                write(connection);
            }
            if (key.isReadable()) {
                read(connection, arrivals, tally);
            }
        } catch (IOException | IllegalStateException | NumberFormatException e) {
            fail(connection, arrivals, tally, reason(e));
        }
    }

    private void read(Connection connection, Arrivals arrivals, Tally tally) throws IOException {
        buffer.clear();
        int count = connection.channel.read(buffer);
        if (count < 0) {
            fail(
                    connection,
                    arrivals,
                    tally,
                    connection.answer.hasBegun() ? "closed during the answer" : "closed without an answer");
            return;
        }
        buffer.flip();
        if (!connection.waits) {
            throw new IOException("bytes that nobody asked for");
        }
        if (!connection.answer.add(buffer)) {
            return;
        }
        long now = System.nanoTime();
        connection.waits = false;
        busy--;
        if (connection.answer.status() == success) {
            tally.succeeded(connection.due, now);
            watcher.answered(connection.answer, now);
        } else {
            tally.failed("status " + connection.answer.status());
        }
        arrivals.answered(now);
        if (connection.answer.closes()) {
            close(connection);
        } else {
            idle.push(connection);
        }
    }

    private void giveUpOnTheSlow(Arrivals arrivals, Tally tally, long now) {
        for (Connection connection : Set.copyOf(open)) {
            if (connection.waits && now - connection.sent > PATIENCE.toNanos()) {
                fail(connection, arrivals, tally, "no answer within " + PATIENCE.toSeconds() + " s");
            }
        }
        // What waits for a connection as long as that never gets one.
        while (!waiting.isEmpty() && now - waiting.peek() > 2 * PATIENCE.toNanos()) {
            waiting.remove();
            tally.failed("no free connection within " + 2 * PATIENCE.toSeconds() + " s");
            arrivals.failed(now);
        }
    }

    private void fail(Connection connection, Arrivals arrivals, Tally tally, String why) {
        if (connection.waits) {
            connection.waits = false;
            busy--;
            tally.failed(why);
            arrivals.failed(System.nanoTime());
        }
        idle.remove(connection);
        close(connection);
    }

    private void close(Connection connection) {
        open.remove(connection);
        try {
            connection.channel.close();
        } catch (IOException e) {
            // it is gone either way
        }
    }

    private static String reason(Exception e) {
        if (e instanceof ConnectException) {
            return "connection refused";
        }
        return String.valueOf(e.getMessage());
    }

    /** For as long as nothing is measured. */
    static void pause(Duration time) throws InterruptedException {
        TimeUnit.NANOSECONDS.sleep(time.toNanos());
    }
}
