package io.catga.test;

import io.catga.CatgaError;
import io.catga.DefaultMediator;
import io.catga.EventHandler;
import io.catga.Mediator;
import io.catga.MediatorBuilder;
import io.catga.RequestHandler;
import io.catga.Result;
import io.catga.codec.JacksonCodec;
import io.catga.codec.MessageCodec;
import io.catga.pipeline.Stage;
import io.catga.transport.DeadLetters;
import io.catga.transport.EventBus;
import io.catga.transport.InboundMessages;
import io.catga.transport.RequestTransport;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;

/**
 * The processes that the transport kit makes talk to each other; each is a mediator with its ends of the transport. A
 * part of {@link TransportCompatibilityKit}, which is to be extended.
 */
public abstract class TransportCompatibilityKitNodes {

    /**
     * One process's ends of a transport. The first two may be asked for before it receives, and by a process that never
     * does.
     */
    public interface Peer {

        /** Where the process sends requests. */
        RequestTransport requests();

        /** Where the process publishes events. */
        EventBus events();

        /**
         * Takes messages from now on, of the types that {@code inbound} says it handles: requests shared with all
         * others that handle the type, events for itself.
         *
         * <p>Returns when a message that another process sends after it is sure to come here; a receiver that is not
         * ready then makes the tests fail now and then.
         */
        void receive(InboundMessages inbound) throws Exception;

        /**
         * Takes no more, finishes and answers what it has, and leaves; returns when that is done. Events that come
         * later wait for a process that joins under the same name.
         */
        void leave() throws Exception;
    }

    /**
     * How a process takes messages; to be put into the transport's own options.
     *
     * @param maxConcurrentRequests how many requests it handles at once; further ones are answered with {@link
     *                              InboundMessages#refuse}
     * @param maxAttempts           how many times it is given an event that it fails to handle
     * @param redelivery            the pause before it is given one again, for the first time; later ones may be
     *                              longer, but all of them together no more than a few seconds
     */
    public record Settings(int maxConcurrentRequests, int maxAttempts, Duration redelivery) {

        static final Settings DEFAULTS = new Settings(256, 3, Duration.ofMillis(20));
    }

    record Node(Peer peer, DefaultMediator mediator) {}

    static final Duration SOON = Duration.ofSeconds(10);
    static final MessageCodec CODEC = new JacksonCodec();

    private final List<Peer> joined = new CopyOnWriteArrayList<>();

    /**
     * Lets a process take part in the network of this test; every test has its own, and every process its name. A
     * process that has left may join again under its name, and is then the same consumer.
     */
    protected abstract Peer join(String name, Settings settings) throws Exception;

    /** What was given up in the network of this test; asked for again until it is as expected. */
    protected abstract DeadLetters deadLetters() throws Exception;

    /** A process with these handlers, each a {@link RequestHandler} or an {@link EventHandler}. */
    final Node node(String name, Object... handlers) throws Exception {
        return node(name, Settings.DEFAULTS, handlers);
    }

    final Node node(String name, Settings settings, Object... handlers) throws Exception {
        return node(name, settings, CODEC, handlers);
    }

    final Node node(String name, Settings settings, MessageCodec codec, Object... handlers) throws Exception {
        Peer peer = peer(name, settings);
        MediatorBuilder builder = Mediator.builder()
                .instance(name)
                .catalog(TransportCompatibilityKitMessages.CATALOG)
                .codec(codec)
                .requestTransport(peer.requests())
                .eventBus(peer.events())
                // what is looked at is what the transport does
                .without(Stage.RETRY, Stage.CIRCUIT_BREAKER);
        for (Object handler : handlers) {
            if (handler instanceof RequestHandler<?, ?> requests) {
                builder.handler(requests);
            } else {
                builder.handler((EventHandler<?>) handler);
            }
        }
        DefaultMediator mediator = builder.build();
        peer.receive(mediator);
        return new Node(peer, mediator);
    }

    /** A process that takes nothing yet. */
    final Peer peer(String name, Settings settings) throws Exception {
        Peer peer = join(name, settings);
        joined.add(peer);
        return peer;
    }

    final void leave(Node node) throws Exception {
        leave(node.peer());
    }

    final void leave(Peer peer) throws Exception {
        joined.remove(peer);
        peer.leave();
    }

    @AfterEach
    final void leaveAll() throws Exception {
        inParallel(joined.stream()
                .<Callable<Void>>map(peer -> () -> {
                    peer.leave();
                    return null;
                })
                .toList());
    }

    /** What several threads return that begin together. */
    static <T> List<T> inParallel(List<? extends Callable<T>> work) throws InterruptedException, ExecutionException {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<T> results = new CopyOnWriteArrayList<>();
            for (Future<T> done : threads.invokeAll(work)) {
                T result = done.get();
                if (result != null) {
                    results.add(result);
                }
            }
            return results;
        }
    }

    /** Stands for work that takes its time. */
    static void work(Duration time) {
        opens(new CountDownLatch(1), time);
    }

    static boolean opens(CountDownLatch latch, Duration atMost) {
        try {
            return latch.await(atMost.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    static CatgaError errorOf(Result<?> result) {
        return switch (result) {
            case Result.Failure<?>(CatgaError error) -> error;
            case Result.Success<?> success -> throw new AssertionError("expected a failure, but was " + success);
        };
    }
}
