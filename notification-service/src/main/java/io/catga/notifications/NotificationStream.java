package io.catga.notifications;

import java.io.IOException;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/**
 * Shows notifications, as they come, to everybody who watches through this instance (server-sent events).
 *
 * <p>Each watcher has a bounded queue and a virtual thread of its own that writes to it, so a slow one holds up neither
 * the handling of events nor the others; one that falls too far behind is dropped and connects again by itself, as
 * browsers do. A comment every few seconds keeps proxies from closing a quiet stream and finds watchers that have gone.
 */
@Component
final class NotificationStream implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(NotificationStream.class);

    private static final int BACKLOG = 1024;
    private static final long HEARTBEAT_SECONDS = 10;
    private static final long RECONNECT_MILLIS = 1000;

    private record Watcher(SseEmitter emitter, BlockingQueue<Notification> queue) {}

    private final Set<Watcher> watchers = ConcurrentHashMap.newKeySet();
    private volatile boolean running;

    SseEmitter watch() {
        Watcher watcher = new Watcher(new SseEmitter(0L), new ArrayBlockingQueue<>(BACKLOG));
        watchers.add(watcher);
        watcher.emitter().onCompletion(() -> watchers.remove(watcher));
        Thread.ofVirtual().name("catga-watcher").start(() -> write(watcher));
        return watcher.emitter();
    }

    void show(Notification notification) {
        for (Watcher watcher : watchers) {
            if (!watcher.queue().offer(notification)) {
                LOG.debug("A watcher was too slow and is dropped");
                watchers.remove(watcher);
            }
        }
    }

    private void write(Watcher watcher) {
        try {
            watcher.emitter()
                    .send(SseEmitter.event().reconnectTime(RECONNECT_MILLIS).comment("watching"));
            while (running && watchers.contains(watcher)) {
                Notification next = watcher.queue().poll(HEARTBEAT_SECONDS, TimeUnit.SECONDS);
                watcher.emitter()
                        .send(
                                next == null
                                        ? SseEmitter.event().comment("quiet")
                                        : SseEmitter.event()
                                                .id(next.eventId())
                                                .name(next.type())
                                                .data(next, MediaType.APPLICATION_JSON));
            }
            watcher.emitter().complete();
        } catch (IOException | IllegalStateException e) {
            LOG.debug("A watcher has gone: {}", e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            watchers.remove(watcher);
        }
    }

    @Override
    public void start() {
        running = true;
    }

    /** Ends the streams, which would otherwise hold up the web server: it waits for every open request. */
    @Override
    public void stop() {
        running = false;
        watchers.forEach(watcher -> watcher.emitter().complete());
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}
