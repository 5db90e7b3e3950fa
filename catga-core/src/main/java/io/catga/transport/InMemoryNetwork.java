package io.catga.transport;

import io.catga.CatgaException;
import io.catga.ErrorCode;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A network between the mediators of one process, with what a real one promises: a request reaches one of the members
 * that handle its type, an event reaches every consumer, those that join later or again included, until they have
 * handled it. The last 10,000 events are kept for those that are not there yet. For tests and for looking at an application without a broker. Messages cross it as bytes. Thread-safe.
 */
public final class InMemoryNetwork {

    /** The event that is a consumer's turn: one of its own replays, or else the next that was published. */
    private record Due(WireMessage event, boolean replay, long number) {}

    private record Member(InboundMessages inbound, Semaphore room, CountDownLatch left) {

        boolean hasLeft() {
            return left.getCount() == 0;
        }
    }

    private static final Logger LOG = LoggerFactory.getLogger(InMemoryNetwork.class);
    private static final int KEPT = 10_000;

    private final Clock clock;
    private final int maxAttempts;
    private final Duration redelivery;
    private final List<Member> members = new CopyOnWriteArrayList<>();
    private final AtomicInteger turn = new AtomicInteger();
    private final InMemoryDeadLetters deadLetters;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition published = lock.newCondition();
    private final EventLog log = new EventLog(KEPT);
    /** The number of the event that is the turn of each consumer. */
    private final Map<String, Long> positions = new HashMap<>();

    private final Map<String, Queue<WireMessage>> replays = new HashMap<>();

    /**
     * With nobody taking part yet; deadlines and dead letters have the time of this clock.
     *
     * @param maxAttempts how many times an event is delivered to a consumer that fails
     * @param redelivery  the pause before it is delivered again
     */
    public InMemoryNetwork(Clock clock, int maxAttempts, Duration redelivery) {
        this.clock = clock;
        this.maxAttempts = maxAttempts;
        this.redelivery = redelivery;
        this.deadLetters = new InMemoryDeadLetters(clock, this::replay);
    }

    /** The way for requests to whoever takes part. */
    public RequestTransport requests() {
        return this::request;
    }

    /** The way for events to whoever takes part. */
    public EventBus events() {
        return this::publish;
    }

    /** What consumers have given up. */
    public DeadLetters deadLetters() {
        return deadLetters;
    }

    /**
     * Lets a mediator take part.
     *
     * @param consumer under which name it receives events; what it has handled is remembered under it after it leaves
     * @return leaves again, when the event that is in hand is finished
     */
    public AutoCloseable join(String consumer, InboundMessages inbound) {
        return join(consumer, inbound, Integer.MAX_VALUE);
    }

    /**
     * As {@link #join(String, InboundMessages)}, for a mediator with little room.
     *
     * @param maxConcurrent how many requests it handles at once; further ones are refused
     */
    public AutoCloseable join(String consumer, InboundMessages inbound, int maxConcurrent) {
        Member member = new Member(inbound, new Semaphore(maxConcurrent), new CountDownLatch(1));
        members.add(member);
        Thread delivery = Thread.ofVirtual().name("catga-consumer-" + consumer).start(() -> deliver(consumer, member));
        return () -> {
            members.remove(member);
            member.left().countDown();
            wake();
            delivery.join();
        };
    }

    private WireReply request(WireMessage request, Instant deadline) {
        List<Member> able = members.stream()
                .filter(member -> member.inbound().requestTypes().contains(request.type()))
                .toList();
        if (able.isEmpty()) {
            throw new CatgaException(ErrorCode.UNAVAILABLE, "nobody handles " + request.type() + " now");
        }
        Member chosen = able.get(Math.floorMod(turn.getAndIncrement(), able.size()));
        CompletableFuture<WireReply> reply = new CompletableFuture<>();
        Thread.ofVirtual().name("catga-request").start(() -> {
            try {
                reply.complete(handle(request, chosen));
            } catch (Throwable broken) {
                reply.completeExceptionally(broken);
            }
        });
        try {
            return reply.get(
                    Math.max(0, Duration.between(clock.instant(), deadline).toMillis()), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new CatgaException(
                    ErrorCode.DEADLINE_EXCEEDED, "no answer to " + request.type() + " by its deadline", e);
        } catch (ExecutionException e) {
            throw new CatgaException(ErrorCode.INTERNAL, "the receiver of " + request.type() + " broke", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CatgaException(ErrorCode.UNAVAILABLE, "interrupted while waiting for " + request.type(), e);
        }
    }

    private static WireReply handle(WireMessage request, Member member) {
        if (!member.room().tryAcquire()) {
            return member.inbound().refuse(request);
        }
        try {
            return member.inbound().onRequest(request);
        } finally {
            member.room().release();
        }
    }

    private CompletableFuture<Void> publish(WireMessage event) {
        lock.lock();
        try {
            log.append(taken(event));
            published.signalAll();
            return CompletableFuture.completedFuture(null);
        } finally {
            lock.unlock();
        }
    }

    private WireMessage taken(WireMessage event) {
        Map<String, String> headers = new HashMap<>(event.headers());
        headers.putIfAbsent(TransportHeaders.PUBLISHED_AT, Long.toString(clock.millis()));
        return new WireMessage(event.type(), event.messageId(), headers, event.payload());
    }

    private void replay(String consumer, WireMessage event) {
        lock.lock();
        try {
            replays.computeIfAbsent(consumer, any -> new ArrayDeque<>()).add(event);
            published.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void deliver(String consumer, Member member) {
        try {
            Optional<Due> due = next(consumer, member);
            while (due.isPresent() && deliver(consumer, member, due.get().event())) {
                done(consumer, due.get());
                due = next(consumer, member);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * @return whether it is done with; not where the member left before an attempt that was still due
     */
    private boolean deliver(String consumer, Member member, WireMessage event) throws InterruptedException {
        if (!member.inbound().eventTypes().contains(event.type())) {
            return true;
        }
        for (int attempt = 1; ; attempt++) {
            Delivery delivery = member.inbound().onEvent(event, attempt, attempt >= maxAttempts);
            if (delivery instanceof Delivery.GivenUp givenUp) {
                deadLetters.keep(consumer, event, givenUp, attempt);
                return true;
            }
            if (delivery instanceof Delivery.Handled) {
                return true;
            }
            if (member.left().await(redelivery.toNanos(), TimeUnit.NANOSECONDS)) {
                return false;
            }
        }
    }

    /** What is the consumer's turn; empty when the member has left. */
    private Optional<Due> next(String consumer, Member member) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            Optional<Due> due = due(consumer);
            while (!member.hasLeft() && due.isEmpty()) {
                published.await();
                due = due(consumer);
            }
            return member.hasLeft() ? Optional.empty() : due;
        } finally {
            lock.unlock();
        }
    }

    private Optional<Due> due(String consumer) {
        Queue<WireMessage> own = replays.get(consumer);
        if (own != null && !own.isEmpty()) {
            return Optional.of(new Due(own.element(), true, 0));
        }
        long next = positions.getOrDefault(consumer, 0L);
        long kept = Math.max(next, log.first());
        if (kept > next) {
            LOG.warn("{} has missed {} events: only the last {} are kept", consumer, kept - next, KEPT);
            positions.put(consumer, kept);
        }
        WireMessage event = log.at(kept);
        return event == null ? Optional.empty() : Optional.of(new Due(event, false, kept));
    }

    private void wake() {
        lock.lock();
        try {
            published.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void done(String consumer, Due due) {
        lock.lock();
        try {
            if (due.replay()) {
                Objects.requireNonNull(replays.get(consumer)).poll();
            } else {
                positions.put(consumer, due.number() + 1);
            }
        } finally {
            lock.unlock();
        }
    }
}
