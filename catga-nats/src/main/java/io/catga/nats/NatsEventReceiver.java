package io.catga.nats;

import io.catga.CatgaException;
import io.catga.Described;
import io.catga.transport.Delivery;
import io.catga.transport.InboundMessages;
import io.catga.transport.LogLines;
import io.catga.transport.WireMessage;
import io.nats.client.Connection;
import io.nats.client.Message;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the events that have a handler in this process, each at least once, also those that were published while this
 * instance was away; and those that it gave up before and is handed again ({@link NatsDeadLetters}).
 *
 * <p>Each event is handled on a virtual thread. It is acknowledged after that; an event that is to come again is given
 * back with a pause that doubles with each attempt; one that is given up is written to the dead letters, and is ended
 * only when that write is confirmed. The server is told about events that are in hand for long, so that it does not
 * deliver them twice; it is the server, too, that bounds how many there are.
 *
 * <p>The server never gives up an event by itself (its limit of deliveries is off): only this class does, after the dead
 * letter is kept, so nothing disappears silently.
 *
 * <p>{@link #start} and {@link #stop} are called once each, from any thread.
 */
public final class NatsEventReceiver implements Described {

    private static final Logger LOG = LoggerFactory.getLogger(NatsEventReceiver.class);

    private static final Duration RETRY = Duration.ofMillis(500);
    private static final Duration TEND = Duration.ofMillis(250);
    private static final Duration WATCH = Duration.ofSeconds(2);
    private static final Duration INTERRUPTED = Duration.ofSeconds(1);
    private static final double JITTER = 0.2;

    /** Once settled an event is no more touched: either its handling has ended it, or stopping has. */
    private record Event(Message message, AtomicBoolean settled) {}

    /** Whichever thread gets room first begins with the event that came first: with room for one, order is kept. */
    private record Lane(Semaphore room, Queue<Event> waiting) {

        Lane(int concurrent) {
            this(new Semaphore(concurrent), new ConcurrentLinkedQueue<>());
        }
    }

    private final NatsLink link;
    private final InboundMessages inbound;
    private final Clock clock;
    private final RandomGenerator random;
    private final ScheduledExecutorService timer;
    private final Executor handlers;
    private final NatsEventOptions options;
    private final NatsStreams streams;
    private final DeadLetterWriter deadLetters;
    private final String replaySubject;
    private final Lane published;
    /** Dead letters that are handed again, one at a time: in the order in which they were given up. */
    private final Lane replayed = new Lane(1);

    private final InHand<Event> inHand = new InHand<>();
    private final AtomicLong received = new AtomicLong();
    private final LongAdder redelivered = new LongAdder();
    private final List<Consumer<Duration>> lagObservers = new CopyOnWriteArrayList<>();
    private volatile @Nullable Consumption current;
    private final CountDownLatch stopping = new CountDownLatch(1);
    private volatile boolean consuming;
    private @Nullable Thread keeper;
    private @Nullable ScheduledFuture<?> keepAlive;

    /**
     * Over this connection, as its options say; nothing is received before {@link #start}.
     *
     * @param inbound who handles the events; called by many threads at once
     */
    public NatsEventReceiver(NatsLink link, InboundMessages inbound) {
        this(
                link,
                inbound,
                Clock.systemUTC(),
                new Random(),
                link.scheduler(),
                task -> Thread.ofVirtual().name("catga-event").start(task));
    }

    NatsEventReceiver(
            NatsLink link,
            InboundMessages inbound,
            Clock clock,
            RandomGenerator random,
            ScheduledExecutorService timer,
            Executor handlers) {
        this.link = link;
        this.inbound = inbound;
        this.clock = clock;
        this.random = random;
        this.timer = timer;
        this.handlers = handlers;
        this.options = link.options().events();
        this.streams = new NatsStreams(link.options());
        this.deadLetters = new DeadLetterWriter(link.options(), new StreamPublisher(link, 0, handlers, () -> {}));
        this.replaySubject = link.options().replaySubject(options.durable());
        this.published = new Lane(options.maxConcurrent());
    }

    /** Begins to receive, in the background: it takes a connection and a stream that has a leader. */
    public void start() {
        if (inbound.eventTypes().isEmpty()) {
            return;
        }
        long period = options.redelivery().ackWait().toNanos() / 3;
        keepAlive = timer.scheduleAtFixedRate(this::sayInProgress, period, period, TimeUnit.NANOSECONDS);
        keeper = Thread.ofVirtual().name("catga-consumer").start(this::keepConsuming);
    }

    @Override
    public Map<String, Object> describe() {
        return Map.of(
                "consumer",
                options.consumer(),
                "max-concurrent",
                options.maxConcurrent(),
                "subjects",
                inbound.eventTypes().stream()
                        .flatMap(link.options()::receivedSubjects)
                        .sorted()
                        .toList());
    }

    /** How many events this instance has in hand now, those included that wait for a thread of theirs to begin. */
    public int inFlight() {
        return inHand.size();
    }

    /** How many deliveries there were that were not the first of their event. */
    public long redelivered() {
        return redelivered.sum();
    }

    /**
     * How many events are in the stream that this instance has not been given yet, as the server said within the last
     * seconds; empty while that is not known.
     */
    public OptionalLong pending() {
        return backlog(Consumption.Backlog::pending);
    }

    /** How many events this instance has been given and has not settled; as {@link #pending}, the server's view. */
    public OptionalLong ackPending() {
        return backlog(Consumption.Backlog::ackPending);
    }

    private OptionalLong backlog(ToLongFunction<Consumption.Backlog> part) {
        Consumption consumption = current;
        Consumption.Backlog known = consumption == null ? null : consumption.backlog();
        return known == null ? OptionalLong.empty() : OptionalLong.of(part.applyAsLong(known));
    }

    /**
     * Has somebody told, for each event that was handled, how long after its publication that was, by this machine's
     * clock and the one of the server that took it; never less than zero.
     *
     * @param observer is called by the threads that handle events, and must be quick
     */
    public void onHandled(Consumer<Duration> observer) {
        lagObservers.add(observer);
    }

    /** Whether events reach this instance now; also when it has no handlers, and so nothing to receive. */
    public boolean isActive() {
        return !isStopping()
                && link.isConnected()
                && (consuming || inbound.eventTypes().isEmpty());
    }

    private boolean isStopping() {
        return stopping.getCount() == 0;
    }

    private void keepConsuming() {
        boolean told = false;
        try {
            while (!isStopping() && !link.isClosed()) {
                Connection connection = link.connection();
                if (connection == null || !link.awaitConnected(RETRY)) {
                    link.awaitClosed(RETRY);
                    continue;
                }
                try {
                    streams.ensure(connection);
                    consumeUntilItStalls(connection);
                    told = false;
                } catch (InterruptedException e) {
                    throw e;
                } catch (Exception e) {
                    if (!told) {
                        told = true;
                        LOG.warn("Receives no events yet, trying on: {}", link.explain(e));
                    }
                    link.awaitClosed(RETRY);
                }
            }
        } catch (InterruptedException e) {
            LOG.debug("Interrupted while receiving events");
        } finally {
            consuming = false;
        }
    }

    private void consumeUntilItStalls(Connection connection) throws Exception {
        try (Consumption consumption =
                Consumption.begin(connection, link.options(), inbound.eventTypes(), this::take)) {
            current = consumption;
            consuming = true;
            LOG.info("Receives events as {}: {}", options.durable(), inbound.eventTypes());
            boolean stopped;
            long nextLook = System.nanoTime() + WATCH.toNanos();
            do {
                stopped = stopping.await(TEND.toNanos(), TimeUnit.NANOSECONDS);
                consumption.tend();
                if (System.nanoTime() - nextLook >= 0) {
                    nextLook = System.nanoTime() + WATCH.toNanos();
                    consumption.look(received.get(), inHand.isEmpty());
                }
            } while (!stopped && !consumption.hasStalled());
            consuming = false;
            if (stopped) {
                consumption.finish();
            } else if (!link.isClosed()) {
                LOG.warn("The consumer {} has stalled, beginning it anew", options.durable());
            }
        } finally {
            current = null;
        }
    }

    private void take(Message message) {
        received.incrementAndGet();
        Event taken = new Event(message, new AtomicBoolean());
        inHand.add(taken);
        Lane lane = message.getSubject().equals(replaySubject) ? replayed : published;
        lane.waiting().add(taken);
        handlers.execute(() -> {
            lane.room().acquireUninterruptibly();
            Event event = lane.waiting().remove();
            try {
                handle(event);
            } finally {
                lane.room().release();
                inHand.remove(event);
            }
        });
    }

    private void handle(Event event) {
        if (event.settled().get()) {
            return;
        }
        int attempt = (int) Math.min(event.message().metaData().deliveredCount(), Integer.MAX_VALUE);
        if (attempt > 1) {
            redelivered.increment();
        }
        WireMessage message;
        try {
            message = WireHeaders.event(event.message());
        } catch (CatgaException malformed) {
            String id = options.stream() + "-" + event.message().metaData().streamSequence();
            WireMessage unknown =
                    new WireMessage("malformed", id, Map.of(), event.message().getData());
            giveUp(event, unknown, new Delivery.GivenUp(malformed.error()), attempt);
            return;
        }
        switch (inbound.onEvent(
                message, attempt, attempt >= options.redelivery().maxAttempts())) {
            case Delivery.Handled _ -> {
                settle(event, Acknowledgement.HANDLED);
                tellLag(event);
            }
            case Delivery.Again _ -> again(event, attempt);
            case Delivery.GivenUp givenUp -> giveUp(event, message, givenUp, attempt);
        }
    }

    private void tellLag(Event event) {
        Duration lag = Duration.between(event.message().metaData().timestamp().toInstant(), clock.instant());
        lagObservers.forEach(observer -> observer.accept(lag.isNegative() ? Duration.ZERO : lag));
    }

    private void again(Event event, int attempt) {
        Duration pause = options.redelivery().pauseAfter(attempt);
        double spread = 1 + JITTER * (2 * random.nextDouble() - 1);
        settle(event, Acknowledgement.again(Duration.ofNanos((long) (pause.toNanos() * spread))));
    }

    /** The dead letter first, and only when it is surely kept the end of the original. */
    private void giveUp(Event event, WireMessage message, Delivery.GivenUp givenUp, int attempts) {
        try {
            long place = event.message().metaData().streamSequence();
            deadLetters.keep(message, place, givenUp, attempts, clock.instant()).join();
            LogLines.about(
                    message,
                    () -> LOG.error(
                            "Gave up {} {} after {} attempts: {} {}",
                            message.type(),
                            message.messageId(),
                            attempts,
                            givenUp.error().code(),
                            givenUp.cause()));
            settle(event, Acknowledgement.ENDED);
        } catch (CompletionException e) {
            LogLines.about(
                    message,
                    () -> LOG.warn(
                            "{} {} cannot be given up yet: {}", message.type(), message.messageId(), e.getMessage()));
            again(event, attempts);
        }
    }

    private void settle(Event event, byte[] acknowledgement) {
        if (event.settled().compareAndSet(false, true)) {
            acknowledge(event, acknowledgement);
        }
    }

    /** Not by the client's own methods: they need the subscription, which does not survive a restart of the consumer. */
    private void acknowledge(Event event, byte[] acknowledgement) {
        String subject = event.message().getReplyTo();
        if (subject != null && !link.sendOrKeep(subject, null, null, acknowledgement)) {
            LOG.debug("An acknowledgement was not sent; the event will come again");
        }
    }

    private void sayInProgress() {
        inHand.forEach(event -> {
            if (!event.settled().get() && link.isConnected()) {
                acknowledge(event, Acknowledgement.IN_PROGRESS);
            }
        });
    }

    /**
     * Takes no more events, and finishes those that it has; they are acknowledged when this returns.
     *
     * @param grace how long that may take; what is not finished then is given back and comes again after the restart
     */
    public void stop(Duration grace) throws InterruptedException {
        Instant until = clock.instant().plus(grace);
        stopping.countDown();
        Thread running = keeper;
        if (running != null && !running.join(grace)) {
            running.interrupt();
            // What is given back below would else be sent to the consumption that just ends, and be missed there.
            running.join(INTERRUPTED);
        }
        if (!inHand.awaitEmpty(Duration.between(clock.instant(), until))) {
            LOG.warn("Stopped with {} events unfinished after {}; they will come again", inHand.size(), grace);
            inHand.forEach(event -> settle(event, Acknowledgement.again(Duration.ZERO)));
        }
        if (keepAlive != null) {
            keepAlive.cancel(false);
        }
        link.flush(Duration.ofSeconds(1));
    }
}
