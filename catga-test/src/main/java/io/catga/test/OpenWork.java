package io.catga.test;

import io.catga.transport.WireMessage;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * What has begun in a harness and is not finished, so that a test can wait for quiet instead of for a while.
 * Thread-safe.
 *
 * <p>Work makes work: a request fills the outbox, the outbox the bus, the bus runs handlers, and those send requests.
 * Each of them begins before what caused it ends. So there is quiet where, looked at in this order, every event is
 * finished, nothing is running, the outbox is empty, and no event has been published since the first look.
 */
final class OpenWork {

    private record Finished(String consumer, String messageId) {}

    private final Map<String, Set<String>> consumers = new ConcurrentHashMap<>();
    private final List<WireMessage> published = new CopyOnWriteArrayList<>();
    private final Set<Finished> finished = ConcurrentHashMap.newKeySet();
    private final AtomicInteger running = new AtomicInteger();
    private final LongSupplier outbox;

    /**
     * @param outbox how many events wait in it
     */
    OpenWork(LongSupplier outbox) {
        this.outbox = outbox;
    }

    void begin() {
        running.incrementAndGet();
    }

    void end() {
        running.decrementAndGet();
    }

    <T> T during(Supplier<T> work) {
        begin();
        try {
            return work.get();
        } finally {
            end();
        }
    }

    void consumer(String name, Collection<String> eventTypes) {
        consumers.put(name, Set.copyOf(eventTypes));
    }

    void published(WireMessage event) {
        published.add(event);
    }

    void finished(String consumer, WireMessage event) {
        finished.add(new Finished(consumer, event.messageId()));
    }

    /** What is not finished, each as a sentence; empty where there is quiet. */
    List<String> open() {
        List<String> open = new ArrayList<>();
        int before = published.size();
        for (WireMessage event : published) {
            consumers.forEach((consumer, types) -> {
                if (types.contains(event.type()) && !finished.contains(new Finished(consumer, event.messageId()))) {
                    open.add("%s has not finished %s %s".formatted(consumer, event.type(), event.messageId()));
                }
            });
        }
        addIfAny(open, "messages that are just being sent or handled: ", running.get());
        addIfAny(open, "events that wait in the outbox: ", outbox.getAsLong());
        addIfAny(open, "events that have just been published: ", published.size() - before);
        return open;
    }

    private static void addIfAny(Collection<String> open, String what, long count) {
        if (count > 0) {
            open.add(what + count);
        }
    }
}
