package io.catga.test;

import static org.awaitility.Awaitility.await;

import io.catga.CatgaException;
import io.catga.Event;
import io.catga.MessageCatalog;
import io.catga.codec.MessageCodec;
import io.catga.test.Recorded.DeadLetter;
import io.catga.test.Recorded.Published;
import io.catga.test.Recorded.Received;
import io.catga.test.Recorded.Unreadable;
import io.catga.transport.Delivery;
import io.catga.transport.EventBus;
import io.catga.transport.WireMessage;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import org.awaitility.core.ConditionTimeoutException;

/** Everything that a harness saw, in the order in which it happened. Thread-safe. */
final class Recorder {

    private static final Duration POLL = Duration.ofMillis(2);

    private final MessageCatalog catalog;
    private final MessageCodec codec;
    private final List<Recorded> timeline = new CopyOnWriteArrayList<>();
    private final Set<String> published = ConcurrentHashMap.newKeySet();

    Recorder(MessageCatalog catalog, MessageCodec codec) {
        this.catalog = catalog;
        this.codec = codec;
    }

    void add(Recorded recorded) {
        timeline.add(recorded);
    }

    /** How much there is; what is recorded later is {@link #since} it. */
    int mark() {
        return timeline.size();
    }

    List<Recorded> since(int mark) {
        List<Recorded> all = List.copyOf(timeline);
        return all.subList(mark, all.size());
    }

    /** Records what a bus takes, before a consumer can receive it, so that the order is that of cause and effect. */
    EventBus recording(EventBus bus, OpenWork open) {
        return event -> {
            if (published.add(event.messageId())) {
                open.published(event);
                add(new Published<>(
                        read(event),
                        event.messageId(),
                        SenderHeader.without(event).headers()));
            }
            return bus.publish(event);
        };
    }

    void received(String consumer, WireMessage event, int attempt, Delivery delivery) {
        add(new Received<>(consumer, read(event), event.messageId(), attempt, delivery));
    }

    void givenUp(String consumer, WireMessage event, int attempts, String cause) {
        add(new DeadLetter(consumer, read(event), event.messageId(), cause, attempts));
    }

    private Event read(WireMessage event) {
        return catalog.find(event.type())
                .map(type -> {
                    try {
                        return codec.<Event>decode(event.payload(), type.type());
                    } catch (CatgaException e) {
                        return new Unreadable(event.type(), e.error().message());
                    }
                })
                .orElseGet(() -> new Unreadable(event.type(), "in no catalogue of the harness"));
    }

    /** Waits in real time. */
    static boolean becomesTrue(Duration atMost, BooleanSupplier condition) {
        try {
            await().dontCatchUncaughtExceptions()
                    .pollInSameThread()
                    .pollDelay(Duration.ZERO)
                    .pollInterval(POLL)
                    .atMost(atMost)
                    .until(condition::getAsBoolean);
            return true;
        } catch (ConditionTimeoutException late) {
            return false;
        }
    }
}
