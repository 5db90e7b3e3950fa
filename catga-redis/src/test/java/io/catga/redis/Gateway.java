package io.catga.redis;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Stands between a client and a server on this host. {@link #silence} is what a cut through the network looks like from
 * the inside: what was open stays open and nothing arrives any more, while new connections work.
 */
final class Gateway implements AutoCloseable {

    private final ServerSocket entrance;
    private final int server;
    private final List<AtomicBoolean> silenced = new CopyOnWriteArrayList<>();
    private final List<Socket> open = new CopyOnWriteArrayList<>();

    private Gateway(ServerSocket entrance, int server) {
        this.entrance = entrance;
        this.server = server;
    }

    static Gateway to(int server) throws IOException {
        Gateway gateway = new Gateway(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), server);
        Thread.ofVirtual().start(gateway::accept);
        return gateway;
    }

    String address() {
        return "127.0.0.1:" + entrance.getLocalPort();
    }

    /** Nothing passes any more over the connections that there are. */
    void silence() {
        silenced.forEach(connection -> connection.set(true));
    }

    /** Nothing passes any more over one of them, by the order in which they were made. */
    void silence(int connection) {
        silenced.get(connection).set(true);
    }

    int connections() {
        return silenced.size();
    }

    private void accept() {
        try {
            while (true) {
                Socket client = entrance.accept();
                Socket behind = new Socket(InetAddress.getLoopbackAddress(), server);
                open.add(client);
                open.add(behind);
                AtomicBoolean silent = new AtomicBoolean();
                silenced.add(silent);
                Thread.ofVirtual().start(() -> pass(client, behind, silent));
                Thread.ofVirtual().start(() -> pass(behind, client, silent));
            }
        } catch (IOException e) {
            // closed, or nobody listens behind: then the client's attempt ends with it
        }
    }

    private static void pass(Socket from, Socket to, AtomicBoolean silent) {
        byte[] buffer = new byte[8192];
        try (InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream()) {
            int read = in.read(buffer);
            while (read >= 0) {
                if (!silent.get()) {
                    out.write(buffer, 0, read);
                }
                read = in.read(buffer);
            }
        } catch (IOException e) {
            // one side has closed
        }
    }

    @Override
    public void close() {
        try {
            entrance.close();
            for (Socket socket : open) {
                socket.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
