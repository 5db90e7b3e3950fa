package io.catga.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Watches the stream of one notification-service instance (server-sent events), and notes when each order came by. */
final class Watch implements AutoCloseable {

    private static final int PATIENCE_MILLIS = 20_000;
    private static final Duration RETRY = Duration.ofMillis(100);
    private static final String DATA = "data:";
    private static final String CREATED = "\"type\":\"OrderCreatedEvent\"";

    private final String address;
    private final Map<String, Long> seen = new ConcurrentHashMap<>();
    private final CountDownLatch watching = new CountDownLatch(1);
    private final Thread thread;
    private volatile boolean closed;

    Watch(String address) {
        this.address = address + "/api/notifications/stream";
        this.thread = Thread.ofPlatform().daemon().name("watch " + address).start(this::run);
    }

    void awaitOpen() throws InterruptedException {
        if (!watching.await(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)) {
            throw new Failed("no events can be watched at " + address
                    + "; this needs a machine that reaches the containers by their addresses, as Linux does");
        }
    }

    /** When an order's event came by, by {@link System#nanoTime}, or {@link Long#MAX_VALUE}. */
    long seen(String order) {
        return seen.getOrDefault(order, Long.MAX_VALUE);
    }

    /** Comes back by itself, as browsers do; what was missed meanwhile is counted. */
    private void run() {
        try {
            while (!closed) {
                watch();
                LoadGenerator.pause(RETRY);
            }
        } catch (InterruptedException e) {
            // closed meanwhile
        }
    }

    /** Ends with the connection. */
    private void watch() {
        try {
            HttpURLConnection connection =
                    (HttpURLConnection) URI.create(address).toURL().openConnection();
            connection.setConnectTimeout(PATIENCE_MILLIS);
            connection.setReadTimeout(PATIENCE_MILLIS);
            try (BufferedReader lines =
                    new BufferedReader(new InputStreamReader(connection.getInputStream(), StandardCharsets.UTF_8))) {
                for (String line = lines.readLine(); line != null && !closed; line = lines.readLine()) {
                    long now = System.nanoTime();
                    // The first line, whatever it is, says that the instance has this watcher on its list.
                    watching.countDown();
                    if (line.startsWith(DATA) && line.contains(CREATED)) {
                        seen.putIfAbsent(ReadsScenario.field(line, "orderId"), now);
                    }
                }
            }
        } catch (IOException e) {
            // the instance is down, or went away: begun again
        }
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
    }
}
