package io.catga.nats;

import io.catga.CatgaException;
import io.catga.Described;
import io.catga.transport.EventBus;
import io.catga.transport.WireMessage;
import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes events to a replicated JetStream stream, which drops repetitions by the message id. What is confirmed is
 * kept by a majority of the stream's nodes. While a stream elects a leader (4 to 8 s after its leader was killed)
 * nothing is confirmed; publishing belongs behind an outbox for that reason. Thread-safe.
 *
 * <p>The streams are created, and brought to what the options say, in the background after {@link #start}, and again
 * should they disappear.
 */
public final class NatsEventBus implements EventBus, Described {

    private static final Logger LOG = LoggerFactory.getLogger(NatsEventBus.class);

    private static final Duration PAUSE = Duration.ofMillis(500);

    private final NatsLink link;
    private final NatsStreams streams;
    private final StreamPublisher publisher;
    private final AtomicBoolean preparing = new AtomicBoolean();
    private volatile boolean ready;

    /** Over this connection, with the streams that its options name; nothing is created before {@link #start}. */
    public NatsEventBus(NatsLink link) {
        this.link = link;
        this.streams = new NatsStreams(link.options());
        this.publisher = new StreamPublisher(
                link,
                DeadLetterFormat.ROOM,
                task -> Thread.ofVirtual().name("catga-published").start(task),
                this::prepare);
    }

    @Override
    public Map<String, Object> describe() {
        NatsEventOptions options = link.options().events();
        return Map.of(
                "servers", link.options().servers(),
                "stream", options.stream(),
                "replicas", options.retention().replicas(),
                "deduplication-window", options.retention().dedupWindow().toString(),
                "dead-letter-stream", options.deadLetterStream());
    }

    /** Begins to prepare the streams; returns at once. */
    public void start() {
        link.onConnection(any -> prepare());
    }

    /** Whether the streams have been found or made, and there is a connection to publish over. */
    public boolean isActive() {
        return ready && link.isConnected();
    }

    @Override
    public CompletableFuture<Void> publish(WireMessage event) {
        try {
            return publisher.publish(
                    link.options().eventSubject(event.type()),
                    event.messageId(),
                    WireHeaders.of(event),
                    event.payload());
        } catch (CatgaException unsendable) {
            return CompletableFuture.failedFuture(unsendable);
        }
    }

    private void prepare() {
        if (preparing.compareAndSet(false, true)) {
            Thread.ofVirtual().name("catga-streams").start(() -> {
                try {
                    prepareUntilDone();
                } catch (InterruptedException e) {
                    LOG.debug("Stopped preparing the streams");
                } finally {
                    preparing.set(false);
                }
            });
        }
    }

    private void prepareUntilDone() throws InterruptedException {
        boolean told = false;
        do {
            Connection connection = link.connection();
            try {
                if (connection != null && link.isConnected()) {
                    streams.ensure(connection);
                    ready = true;
                    return;
                }
            } catch (IOException | JetStreamApiException | RuntimeException e) {
                if (!told) {
                    told = true;
                    LOG.warn("The event streams are not ready, trying on: {}", link.explain(e));
                }
            }
        } while (!link.awaitClosed(PAUSE));
    }
}
