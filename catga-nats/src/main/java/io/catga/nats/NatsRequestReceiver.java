package io.catga.nats;

import io.catga.CatgaException;
import io.catga.Described;
import io.catga.transport.InboundMessages;
import io.catga.transport.LogLines;
import io.catga.transport.WireMessage;
import io.catga.transport.WireReply;
import io.nats.client.Connection;
import io.nats.client.Dispatcher;
import io.nats.client.Message;
import io.nats.client.impl.Headers;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the requests that have a handler in this process, as a member of the service's queue group.
 *
 * <p>One thread receives; each request is handled on a virtual thread of its own, as many at once as the options allow.
 * Further ones are refused at once. Every request is answered: a message that is not one of Catga's and an answer that
 * is too large become an {@link io.catga.ErrorCode#UNREADABLE} answer. While a handler is at work its sender is told so.
 *
 * <p>{@link #start} and {@link #stop} are called once each, from any thread.
 */
public final class NatsRequestReceiver implements Described {

    private static final Logger LOG = LoggerFactory.getLogger(NatsRequestReceiver.class);

    private static final Duration FLUSH = Duration.ofSeconds(1);

    /** A request that is being handled; identity is what counts. */
    private static final class Work {

        private final String sender;
        /** Only the timer touches it. */
        private int looks;

        Work(String sender) {
            this.sender = sender;
        }
    }

    private final NatsLink link;
    private final InboundMessages inbound;
    private final Clock clock;
    private final ScheduledExecutorService timer;
    private final Executor handlers;
    private final NatsRequestOptions options;
    private final Semaphore room;
    private final InHand<Work> inHand = new InHand<>();
    private final ReentrantLock subscribing = new ReentrantLock();
    private volatile @Nullable Dispatcher dispatcher;
    private volatile boolean stopping;
    private @Nullable ScheduledFuture<?> progress;

    /**
     * Over this connection, as its options say; nothing is received before {@link #start}.
     *
     * @param inbound who handles the requests; called by many threads at once
     */
    public NatsRequestReceiver(NatsLink link, InboundMessages inbound) {
        this(
                link,
                inbound,
                Clock.systemUTC(),
                link.scheduler(),
                task -> Thread.ofVirtual().name("catga-request").start(task));
    }

    NatsRequestReceiver(
            NatsLink link, InboundMessages inbound, Clock clock, ScheduledExecutorService timer, Executor handlers) {
        this.link = link;
        this.inbound = inbound;
        this.clock = clock;
        this.timer = timer;
        this.handlers = handlers;
        this.options = link.options().requests();
        this.room = new Semaphore(options.maxConcurrent());
    }

    /**
     * Subscribes, and returns when the server knows. Without a connection it returns at once, and the subscription is
     * made with the connection.
     */
    public void start() {
        if (inbound.requestTypes().isEmpty()) {
            return;
        }
        long period = options.progressInterval().toNanos() / 2;
        progress = timer.scheduleAtFixedRate(this::tellProgress, period, period, TimeUnit.NANOSECONDS);
        link.onConnection(this::subscribe);
    }

    @Override
    public Map<String, Object> describe() {
        return Map.of(
                "queue-group",
                options.group(),
                "max-concurrent",
                options.maxConcurrent(),
                "subjects",
                inbound.requestTypes().stream()
                        .map(link.options()::requestSubject)
                        .sorted()
                        .toList());
    }

    /** How many requests are being handled now. */
    public int inFlight() {
        return inHand.size();
    }

    /** How many requests can be handled at once; further ones are refused. */
    public int maxInFlight() {
        return options.maxConcurrent();
    }

    /** Whether requests reach this instance now; also when it has no handlers, and so nothing to receive. */
    public boolean isActive() {
        return !stopping
                && link.isConnected()
                && (dispatcher != null || inbound.requestTypes().isEmpty());
    }

    private void subscribe(Connection connection) {
        subscribing.lock();
        try {
            if (!stopping) {
                subscribeNow(connection);
            }
        } finally {
            subscribing.unlock();
        }
    }

    private void subscribeNow(Connection connection) {
        Dispatcher subscriptions = connection.createDispatcher(this::take);
        inbound.requestTypes()
                .forEach(type -> subscriptions.subscribe(link.options().requestSubject(type), options.group()));
        try {
            connection.flush(FLUSH);
        } catch (TimeoutException e) {
            LOG.warn("NATS has not confirmed the subscriptions of {} yet", options.group());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        dispatcher = subscriptions;
        LOG.info("Takes requests in the queue group {}: {}", options.group(), inbound.requestTypes());
    }

    private void take(Message message) {
        String sender = message.getReplyTo();
        if (sender == null) {
            LOG.warn("Ignored a message on {} that asks for no answer", message.getSubject());
            return;
        }
        WireMessage request;
        try {
            request = WireHeaders.message(message);
        } catch (CatgaException malformed) {
            WireMessage unknown = new WireMessage(message.getSubject(), "unknown", Map.of(), message.getData());
            answer(sender, unknown, inbound.reject(unknown, malformed.error()));
            return;
        }
        if (!room.tryAcquire()) {
            answer(sender, request, inbound.refuse(request));
            return;
        }
        Work work = new Work(sender);
        inHand.add(work);
        handlers.execute(() -> {
            try {
                answer(sender, request, inbound.onRequest(request));
            } finally {
                inHand.remove(work);
                room.release();
            }
        });
    }

    private void answer(String sender, WireMessage request, WireReply reply) {
        Headers headers;
        try {
            headers = headersOf(request, reply);
        } catch (CatgaException unsendable) {
            LogLines.about(
                    request,
                    () -> LOG.warn(
                            "The answer to {} {} cannot be sent: {}",
                            request.type(),
                            request.messageId(),
                            unsendable.getMessage()));
            WireReply instead = inbound.reject(request, unsendable.error());
            link.sendOrKeep(sender, null, WireHeaders.of(instead.headers()), instead.payload());
            return;
        }
        if (!link.sendOrKeep(sender, null, headers, reply.payload())) {
            LogLines.about(
                    request,
                    () -> LOG.warn(
                            "The answer to {} {} was not sent; its sender will ask again",
                            request.type(),
                            request.messageId()));
        }
    }

    private Headers headersOf(WireMessage request, WireReply reply) {
        Headers headers = WireHeaders.of(reply.headers());
        long limit = link.maxPayload();
        if (!WireHeaders.fits(headers, reply.payload(), limit)) {
            throw WireHeaders.tooLarge("the answer to " + request.type(), reply.payload(), limit);
        }
        return headers;
    }

    /**
     * Looks at what is in hand twice in the interval, and tells about what it has seen before: a handler that is done
     * within half of it, as nearly all are, costs no message.
     */
    private void tellProgress() {
        inHand.forEach(work -> {
            work.looks++;
            if (work.looks % 2 == 0) {
                link.send(work.sender, null, WireHeaders.progress(), WireHeaders.empty());
            }
        });
    }

    /**
     * Takes no more requests, and finishes and answers those that it has. No request is lost by it: draining the
     * subscriptions handles what the server has already sent, and the link stays open for the answers.
     *
     * @param grace how long that may take; what is not answered then, its senders will ask another instance
     */
    public void stop(Duration grace) throws InterruptedException {
        Instant until = clock.instant().plus(grace);
        Dispatcher subscriptions = refuseToSubscribe();
        Connection connection = link.connection();
        if (subscriptions != null && connection != null) {
            if (link.isConnected()) {
                drain(subscriptions, grace);
                link.flush(left(until));
            } else {
                // There is nobody to drain from, and the client must not subscribe again when it has reconnected.
                connection.closeDispatcher(subscriptions);
            }
        }
        if (!inHand.awaitEmpty(left(until))) {
            LOG.warn("Stopped with {} requests unanswered after {}", inHand.size(), grace);
        }
        if (progress != null) {
            progress.cancel(false);
        }
        link.flush(left(until));
    }

    private void drain(Dispatcher subscriptions, Duration grace) throws InterruptedException {
        try {
            subscriptions.drain(grace).get(grace.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException | TimeoutException | IllegalStateException e) {
            LOG.warn("Could not drain the subscriptions of {}: {}", options.group(), e.getMessage());
        }
    }

    /** Waits for a subscription that is under way, so that it is drained as well; none is made afterwards. */
    private @Nullable Dispatcher refuseToSubscribe() {
        subscribing.lock();
        try {
            stopping = true;
            return dispatcher;
        } finally {
            subscribing.unlock();
        }
    }

    private Duration left(Instant until) {
        return Duration.between(clock.instant(), until);
    }
}
