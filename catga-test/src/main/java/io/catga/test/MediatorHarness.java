package io.catga.test;

import io.catga.CatgaError;
import io.catga.DefaultMediator;
import io.catga.Event;
import io.catga.Mediator;
import io.catga.MediatorBuilder;
import io.catga.MessageCatalog;
import io.catga.Request;
import io.catga.pipeline.Stage;
import io.catga.store.InMemoryStateStore;
import io.catga.store.OutboxRelay;
import io.catga.store.StateStore;
import io.catga.store.UnitOfWork;
import io.catga.test.Recorded.DeadLetter;
import io.catga.test.Recorded.Published;
import io.catga.test.Recorded.Received;
import io.catga.test.Recorded.Sent;
import io.catga.transport.Delivery;
import io.catga.transport.EventBus;
import io.catga.transport.InMemoryNetwork;
import io.catga.transport.InboundMessages;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * An application's own handlers, running for a test as they run in production: each member is a process with a mediator
 * and its whole pipeline, messages between them cross a network as bytes, state and outgoing events are kept in a
 * store, and a relay publishes them. All of it is in memory, shares one {@link ManualClock}, and is recorded.
 * Thread-safe.
 *
 * <pre>{@code
 * try (MediatorHarness harness = MediatorHarness.of(
 *         OrderMessages.CATALOG,
 *         (mediator, given) -> mediator.handler(new CreateOrderHandler(given.unitOfWork())))) {
 *     harness.stimulate(mediator -> mediator.send(new CreateOrder("customer")))
 *             .andWaitForEventOfType(OrderCreated.class)
 *             .matching(event -> event.customerId().equals("customer"))
 *             .toArrive();
 * }
 * }</pre>
 *
 * <p>The test itself is a process without handlers, so that what it sends takes the same way as a client's messages.
 * The network loses, repeats, delays and reorders nothing until {@link #network()} is told to.
 */
public final class MediatorHarness implements AutoCloseable {

    /** The name under which the test itself takes part in the network. */
    public static final String SENDER = "test";

    /** The name under which the relay of the outbox takes part in the network. */
    public static final String OUTBOX = "outbox";

    /** The name of the member of {@link #of}. */
    public static final String MEMBER = "app";

    /** How long, by the manual clock, the relay may keep an entry. It is the only one, so nobody waits for that. */
    private static final Duration CLAIM = Duration.ofSeconds(30);

    private final ManualClock clock;
    private final Duration timeLimit;
    private final UnreliableNetwork network;
    private final InMemoryStateStore store;
    private final OutboxRelay relay;
    private final OpenWork open;
    private final Recorder recorder;
    private final Map<String, Mediator> mediators = new LinkedHashMap<>();
    private final List<AutoCloseable> memberships = new ArrayList<>();

    MediatorHarness(MediatorHarnessBuilder described) {
        clock = described.clock;
        timeLimit = described.timeLimit;
        network = described.network == null ? UnreliableNetwork.create() : described.network;
        store = new InMemoryStateStore(clock, CLAIM);
        open = new OpenWork(() -> store.backlog().size());
        recorder = new Recorder(MessageCatalog.union(described.catalogs), described.codec);

        InMemoryNetwork wires = new InMemoryNetwork(clock, described.maxAttempts, described.redelivery);
        EventBus bus = recorder.recording(wires.events(), open);
        relay = new OutboxRelay(store, network.around(OUTBOX, bus));
        Map<String, DefaultMediator> members = new LinkedHashMap<>();
        described.members.forEach((name, member) -> members.put(name, build(name, member, described, wires, bus)));
        // What the test sends is sent once, whatever becomes of it.
        build(SENDER, (mediator, _) -> mediator.without(Stage.RETRY, Stage.CIRCUIT_BREAKER), described, wires, bus);

        members.forEach((name, mediator) -> memberships.add(wires.join(name, inbound(name, mediator))));
        relay.start();
    }

    /** A harness with one member, which is named {@value #MEMBER}. */
    public static MediatorHarness of(MessageCatalog catalog, BiConsumer<MediatorBuilder, Surroundings> member) {
        return builder().catalog(catalog).member(MEMBER, member).build();
    }

    /** Starts the description of a harness. */
    public static MediatorHarnessBuilder builder() {
        return new MediatorHarnessBuilder();
    }

    private DefaultMediator build(
            String name,
            BiConsumer<MediatorBuilder, Surroundings> member,
            MediatorHarnessBuilder described,
            InMemoryNetwork wires,
            EventBus bus) {
        RecordingMediator recording = new RecordingMediator(name, recorder, open);
        UnitOfWork unitOfWork = new UnitOfWork(store, described.codec, clock, described.retention);
        MediatorBuilder builder = Mediator.builder();
        described.catalogs.forEach(builder::catalog);
        member.accept(builder, new Surroundings(recording, unitOfWork, store, clock, described.codec));
        DefaultMediator mediator = builder.instance(name)
                .clock(clock)
                .codec(described.codec)
                .store(store)
                .requestTransport(network.around(name, wires.requests()))
                .eventBus(network.around(name, bus))
                .build();
        recording.leadTo(mediator);
        mediators.put(name, recording);
        return mediator;
    }

    /** Observed on both sides of the faults: inside for what handlers see, outside for what the network is told. */
    private InboundMessages inbound(String name, DefaultMediator mediator) {
        open.consumer(name, mediator.eventTypes());
        InboundMessages handlers = new ObservedInbound(
                mediator, open, (event, attempt, delivery) -> recorder.received(name, event, attempt, delivery));
        return new ObservedInbound(network.around(name, handlers), open, (event, attempt, delivery) -> {
            if (delivery instanceof Delivery.GivenUp(CatgaError error)) {
                recorder.givenUp(name, event, attempt, error.code() + ": " + error.message());
            }
            if (!(delivery instanceof Delivery.Again)) {
                open.finished(name, event);
            }
        });
    }

    /** The mediator of the test itself: without handlers, so that requests cross the network to a member. */
    public Mediator mediator() {
        return mediator(SENDER);
    }

    /**
     * The mediator of a member, which handles in place what it has handlers for.
     *
     * @throws IllegalArgumentException where there is no such member
     */
    public Mediator mediator(String member) {
        Mediator mediator = mediators.get(member);
        if (mediator == null) {
            throw new IllegalArgumentException(
                    "there is no member '" + member + "'; there are " + String.join(", ", mediators.keySet()));
        }
        return mediator;
    }

    /** The clock of everything in the harness. */
    public ManualClock clock() {
        return clock;
    }

    /** The state that handlers have committed. */
    public StateStore store() {
        return store;
    }

    /** The network with its faults; the test is {@value #SENDER} in it, the outbox {@value #OUTBOX}. */
    public UnreliableNetwork network() {
        return network;
    }

    /**
     * Does something, at once and on this thread, and begins a sentence about what comes of it. What happened before
     * does not count.
     *
     * @param stimulus usually sends or publishes; what it returns is there for the verification
     */
    public <T extends @Nullable Object> Scenario<T> stimulate(Function<? super Mediator, ? extends T> stimulus) {
        int mark = recorder.mark();
        T outcome = stimulus.apply(mediator());
        return new Scenario<>(this, mark, outcome);
    }

    /** Everything that was recorded so far, in the order in which it happened. */
    public List<Recorded> recorded() {
        return recorder.since(0);
    }

    List<Recorded> recordedSince(int mark) {
        return recorder.since(mark);
    }

    /** The events of a type, or a supertype, that the bus has taken so far. */
    public <E extends Event> List<E> published(Class<E> type) {
        return only(Published.class)
                .filter(published -> type.isInstance(published.event()))
                .map(published -> type.cast(published.event()))
                .toList();
    }

    /** The requests of a type that have been answered so far, whoever sent them, with their results. */
    @SuppressWarnings("unchecked") // a request of this type has been sent, and so answered, with its type of result
    public <Q extends Request<R>, R> List<Sent<Q, R>> sent(Class<Q> type) {
        return only(Sent.class)
                .filter(sent -> type.isInstance(sent.request()))
                .map(sent -> (Sent<Q, R>) sent)
                .toList();
    }

    /** The events of a type, or a supertype, that handlers have been given so far, once for each member and attempt. */
    @SuppressWarnings("unchecked") // the event is of this type
    public <E extends Event> List<Received<E>> received(Class<E> type) {
        return only(Received.class)
                .filter(received -> type.isInstance(received.event()))
                .map(received -> (Received<E>) received)
                .toList();
    }

    /** The events that members have given up so far. */
    public List<DeadLetter> deadLetters() {
        return only(DeadLetter.class).toList();
    }

    private <T extends Recorded> Stream<T> only(Class<T> type) {
        return recorded().stream().filter(type::isInstance).map(type::cast);
    }

    /**
     * Waits until nothing happens any more of itself: no request is under way, the outbox is empty, and every member
     * has handled or given up each event. What has not happened then does not happen; so this is also the way to assert
     * that something stays away.
     *
     * @throws AssertionError with all that is unfinished after the time limit
     */
    public void settle() {
        if (!Recorder.becomesTrue(timeLimit, () -> open.open().isEmpty())) {
            throw new AssertionError("Expected quiet within %s, but unfinished are%s%nRecorded so far:%s%s"
                    .formatted(timeLimit, NumberedList.of(open.open()), NumberedList.of(recorded()), network.report()));
        }
    }

    Duration timeLimit() {
        return timeLimit;
    }

    /** What is unfinished, for a failure message. */
    List<String> unfinished() {
        return open.open();
    }

    /** Stops the relay and lets every member finish the event in hand and leave. */
    @Override
    public void close() {
        try {
            relay.stop(Duration.ZERO);
            for (AutoCloseable membership : memberships) {
                membership.close();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            throw new IllegalStateException("a member could not leave the network", e);
        }
    }
}
