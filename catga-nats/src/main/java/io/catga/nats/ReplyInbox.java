package io.catga.nats;

import io.nats.client.Connection;
import io.nats.client.Message;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Where answers arrive: one subscription for the whole link, and a number at the end of the subject that says whose the
 * answer is. It does three things that the NATS client's own requests do not: the waiting is timed by who waits, all who
 * wait are told when the connection breaks, and one question may get several messages. Thread-safe.
 */
final class ReplyInbox {

    /** Who waits for an answer. Called on the one thread that delivers answers, and must not hold it up. */
    interface Waiting {

        void reply(Message message);

        /** The connection over which the answer should have come is broken. */
        void lost();

        /** The server has not taken a message to this subject. */
        void refused(String subject);
    }

    private final Map<Long, Waiting> waiting = new ConcurrentHashMap<>();
    private final AtomicLong numbers = new AtomicLong();
    private volatile String prefix = "";

    void attach(Connection connection) {
        String fresh = connection.createInbox() + ".";
        connection.createDispatcher(message -> deliver(fresh, message)).subscribe(fresh + "*");
        prefix = fresh;
    }

    private void deliver(String at, Message message) {
        Waiting who = waiting.get(Long.parseLong(
                message.getSubject(), at.length(), message.getSubject().length(), 36));
        if (who != null) {
            who.reply(message);
        }
    }

    /** Begins to wait; {@link #close} ends it. */
    long open(Waiting who) {
        long number = numbers.incrementAndGet();
        waiting.put(number, who);
        return number;
    }

    /** The subject to be answered to. */
    String address(long number) {
        return prefix + Long.toString(number, 36);
    }

    void close(long number) {
        waiting.remove(number);
    }

    void lost() {
        waiting.values().forEach(Waiting::lost);
    }

    void refused(String subject) {
        waiting.values().forEach(who -> who.refused(subject));
    }
}
