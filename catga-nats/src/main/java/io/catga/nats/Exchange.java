package io.catga.nats;

import io.nats.client.Message;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * One request in the eyes of its sender: all its attempts have the same address for the answer, so that the answer to an
 * early one still counts during a later one.
 */
final class Exchange implements ReplyInbox.Waiting, AutoCloseable {

    /** What can happen while a sender waits. */
    sealed interface Signal {
        record Answered(Message answer) implements Signal {}

        /** The receiver is still at work. */
        record InProgress() implements Signal {}

        /** The server says that nobody has subscribed to the subject. */
        record NobodyThere() implements Signal {}

        /** The server does not let this application publish to the subject. */
        record Refused() implements Signal {}

        /** The connection broke. */
        record Lost() implements Signal {}

        /** Nothing happened in time. */
        record Silence() implements Signal {}
    }

    private static final Signal IN_PROGRESS = new Signal.InProgress();
    private static final Signal NOBODY_THERE = new Signal.NobodyThere();
    private static final Signal REFUSED = new Signal.Refused();
    private static final Signal LOST = new Signal.Lost();
    private static final Signal SILENCE = new Signal.Silence();

    private final ReplyInbox inbox;
    private final String subject;
    private final long number;
    private final BlockingQueue<Signal> signals = new LinkedBlockingQueue<>();

    /** @param subject where its attempts are sent to */
    Exchange(ReplyInbox inbox, String subject) {
        this.inbox = inbox;
        this.subject = subject;
        this.number = inbox.open(this);
    }

    String subject() {
        return subject;
    }

    /** Where its answer is to come. */
    String address() {
        return inbox.address(number);
    }

    @Override
    public void reply(Message message) {
        signals.add(signalOf(message));
    }

    private static Signal signalOf(Message message) {
        if (WireHeaders.isNoResponders(message)) {
            return NOBODY_THERE;
        }
        return WireHeaders.isProgress(message) ? IN_PROGRESS : new Signal.Answered(message);
    }

    @Override
    public void lost() {
        signals.add(LOST);
    }

    @Override
    public void refused(String unpublished) {
        if (unpublished.equals(subject)) {
            signals.add(REFUSED);
        }
    }

    /**
     * Forgets what has happened so far, unless it is the answer: it says nothing about the next attempt. The client
     * reports one broken connection twice, for example.
     */
    void forget() {
        signals.removeIf(signal -> !(signal instanceof Signal.Answered));
    }

    /** Waits for the next thing to happen, which is {@link Signal.Silence} where nothing does in this time. */
    Signal await(Duration patience) throws InterruptedException {
        Signal next = signals.poll(patience.toNanos(), TimeUnit.NANOSECONDS);
        return next == null ? SILENCE : next;
    }

    @Override
    public void close() {
        inbox.close(number);
    }
}
