package io.catga.transport;

import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The last events that were published, numbered from 0, each id once. Guarded by who has it. */
final class EventLog {

    private final @Nullable WireMessage[] ring;
    private final Set<String> ids = new HashSet<>();
    private long end;

    /**
     * @param kept how many events are kept; an id is known as long as its event is
     */
    EventLog(int kept) {
        this.ring = new WireMessage[kept];
    }

    /** Adds an event, unless it is there already. */
    void append(WireMessage event) {
        if (!ids.add(event.messageId())) {
            return;
        }
        int place = place(end);
        WireMessage oldest = ring[place];
        if (oldest != null) {
            ids.remove(oldest.messageId());
        }
        ring[place] = event;
        end++;
    }

    /** The number of the oldest event that is kept. */
    long first() {
        return Math.max(0, end - ring.length);
    }

    /** The event with a number from {@link #first} on; {@code null} where it is still to come. */
    @Nullable
    WireMessage at(long number) {
        return number < end ? ring[place(number)] : null;
    }

    private int place(long number) {
        return Math.toIntExact(number % ring.length);
    }
}
