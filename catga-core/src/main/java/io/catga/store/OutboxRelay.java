package io.catga.store;

import io.catga.CatgaException;
import io.catga.pipeline.MessagingNames;
import io.catga.transport.EventBus;
import io.catga.transport.LogLines;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.propagation.Propagator;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes what waits in an {@link Outbox} and removes it once the bus has confirmed it, so that an event is published
 * at least once for each committed step; the bus and the consumers drop repetitions by the message id.
 *
 * <p>One thread takes a batch, publishes all of it and waits for the confirmations. What is not confirmed is kept and
 * published again after a pause; the outbox gives it to another relay if this one dies. An event that the bus refuses for
 * good stays in the outbox, where its age tells, but holds up no other. Nothing here is on the way of a request.
 *
 * <p>{@link #start} and {@link #stop} are called once each, from any thread.
 */
public final class OutboxRelay {

    private static final Logger LOG = LoggerFactory.getLogger(OutboxRelay.class);

    private static final int BATCH = 256;
    private static final Duration POLL = Duration.ofSeconds(1);
    private static final Duration CONFIRMATION = Duration.ofSeconds(10);
    private static final Duration PAUSE = Duration.ofMillis(250);
    private static final Duration INTERRUPTED = Duration.ofSeconds(1);

    private final Outbox outbox;
    private final EventBus bus;
    private final PublicationSpans spans;
    private final CountDownLatch stopping = new CountDownLatch(1);
    private volatile @Nullable Thread thread;
    private boolean failing;

    /** An entry, and its publication as its trace shows it. */
    private record InHand(Outbox.Entry entry, Span span) {}

    /** From this outbox to this bus. */
    public OutboxRelay(Outbox outbox, EventBus bus) {
        this(outbox, bus, PublicationSpans.none());
    }

    /**
     * From this outbox to this bus, each publication visible in the trace that the event comes from.
     *
     * @param names what spans call the bus
     * @param clock by which the time in the outbox is measured
     */
    public OutboxRelay(
            Outbox outbox, EventBus bus, Tracer tracer, Propagator propagator, MessagingNames names, Clock clock) {
        this(outbox, bus, new PublicationSpans(tracer, propagator, names, clock));
    }

    private OutboxRelay(Outbox outbox, EventBus bus, PublicationSpans spans) {
        this.outbox = outbox;
        this.bus = bus;
        this.spans = spans;
    }

    /** Begins to publish, on a thread of its own; to be called once. */
    public void start() {
        thread = Thread.ofVirtual().name("catga-outbox-relay").start(this::run);
    }

    /**
     * Takes nothing more and finishes the batch in hand.
     *
     * @param grace how long that may take; what is left then is published by another relay, or after a restart
     */
    public void stop(Duration grace) throws InterruptedException {
        stopping.countDown();
        Thread running = thread;
        if (running != null && !running.join(grace)) {
            running.interrupt();
            running.join(INTERRUPTED);
        }
    }

    private void run() {
        Map<String, InHand> inHand = new LinkedHashMap<>();
        try {
            relay(inHand);
        } finally {
            inHand.values()
                    .forEach(left -> PublicationSpans.leave(
                            left.span(), new IllegalStateException("this relay has stopped; another publishes it")));
        }
    }

    private void relay(Map<String, InHand> inHand) {
        while (stopping.getCount() > 0) {
            try {
                if (inHand.isEmpty()) {
                    outbox.take(BATCH, POLL)
                            .forEach(entry -> inHand.put(entry.id(), new InHand(entry, spans.begin(entry))));
                }
                if (!inHand.isEmpty()) {
                    publish(inHand);
                }
            } catch (InterruptedException e) {
                return;
            } catch (CatgaException e) {
                pauseAfter(e);
            } catch (RuntimeException e) {
                LOG.error("The outbox relay met a defect and goes on", e);
                pauseAfter(e);
            }
        }
    }

    /** Publishes everything in hand; what was confirmed leaves the outbox and the hand even where another entry fails. */
    private void publish(Map<String, InHand> inHand) throws InterruptedException {
        Map<InHand, CompletableFuture<Void>> confirmations = new LinkedHashMap<>();
        inHand.values().forEach(held -> confirmations.put(held, publish(held.entry())));
        long until = System.nanoTime() + CONFIRMATION.toNanos();
        List<InHand> confirmed = new ArrayList<>();
        @Nullable Exception unconfirmed = null;
        for (var pending : confirmations.entrySet()) {
            InHand held = pending.getKey();
            Outbox.Entry entry = held.entry();
            try {
                pending.getValue().get(Math.max(1, until - System.nanoTime()), TimeUnit.NANOSECONDS);
                PublicationSpans.confirmed(held.span());
                confirmed.add(held);
            } catch (ExecutionException e) {
                if (isRefusedForGood(e)) {
                    LogLines.about(
                            entry.event(),
                            () -> LOG.error(
                                    "The event {} {} cannot be published and stays in the outbox",
                                    entry.event().type(),
                                    entry.event().messageId(),
                                    e.getCause()));
                    PublicationSpans.leave(held.span(), e);
                    inHand.remove(entry.id());
                } else {
                    unconfirmed = e;
                    PublicationSpans.again(held.span(), e);
                }
            } catch (TimeoutException | CancellationException e) {
                unconfirmed = e;
                PublicationSpans.again(held.span(), e);
            }
        }
        if (!confirmed.isEmpty()) {
            outbox.remove(confirmed.stream().map(InHand::entry).toList());
            for (InHand published : confirmed) {
                published.span().end();
                inHand.remove(published.entry().id());
            }
        }
        if (unconfirmed == null) {
            recovered();
        } else {
            pauseAfter(unconfirmed);
        }
    }

    private CompletableFuture<Void> publish(Outbox.Entry entry) {
        try {
            return bus.publish(entry.event());
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private static boolean isRefusedForGood(ExecutionException refusal) {
        return refusal.getCause() instanceof CatgaException known
                && !known.error().code().isRetried();
    }

    private void pauseAfter(Exception cause) {
        if (!failing) {
            failing = true;
            LOG.warn("Events wait in the outbox and will be published later: {}", cause.toString());
        }
        try {
            stopping.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            stopping.countDown();
        }
    }

    private void recovered() {
        if (failing) {
            failing = false;
            LOG.info("The outbox publishes again");
        }
    }
}
