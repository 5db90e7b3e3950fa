package io.catga.test;

import io.catga.CatgaError;
import io.catga.CatgaException;
import io.catga.ErrorCode;
import io.catga.Message;
import io.catga.MessageType;
import io.catga.transport.EventBus;
import io.catga.transport.InboundMessages;
import io.catga.transport.RequestTransport;
import io.catga.transport.WireMessage;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes any transport lose, repeat, delay and reorder messages, and keeps members apart: decorates the three ports of
 * {@code io.catga.transport}, so it works with the network of a {@link MediatorHarness} and with a real one alike.
 * Thread-safe; everything can be changed while messages are on their way.
 *
 * <p><b>What can be relied on.</b> It breaks nothing that a transport promises. A lost request, or a lost answer, is
 * {@link ErrorCode#UNAVAILABLE} at once rather than after a time-out, so that tests are fast; a lost event fails its
 * publishing; a lost delivery or acknowledgement means another delivery, and counts as an attempt.
 *
 * <p><b>Repeating a run.</b> All chance comes from one seed. What happens to a message depends on that seed, on
 * which message it is, at which crossing, and on how many times it was there before; not on threads. A message is known
 * by its id where a person has chosen that, or else by its content; where the content has something random too, say what
 * it is known by, see {@link #seeded(long, Function)}. A network made by {@link #create()} has another seed in each run, unless the
 * system property {@value #SEED_PROPERTY} repeats one. The seed is in the log, in what a harness says about a failure,
 * and, where the network is registered with JUnit, in the stack trace of whatever fails:
 *
 * <pre>{@code
 * @RegisterExtension
 * final UnreliableNetwork network = UnreliableNetwork.create().apply(FaultRates.none().withLost(0.1));
 * }</pre>
 */
public final class UnreliableNetwork implements TestExecutionExceptionHandler {

    /** The system property with the seed that {@link #create()} is to use. */
    public static final String SEED_PROPERTY = "catga.test.seed";

    static final FaultPlan HARMLESS = new FaultPlan(false, false, false, Duration.ZERO, Duration.ZERO);

    private static final Logger LOG = LoggerFactory.getLogger(UnreliableNetwork.class);

    /** Few digits, for a person may have to type them. */
    private static final int SEEDS = 1_000_000_000;

    private record Place(Crossing crossing, String member) {}

    private record Occasion(Place place, String message) {}

    private record Pair(String one, String other) {}

    private record Strike(Crossing crossing, String type, Fault fault) {}

    private final long seed;
    private final Function<? super WireMessage, String> identity;
    private final Map<Crossing, FaultRates> rates = new ConcurrentHashMap<>();
    private final Queue<Strike> strikes = new ConcurrentLinkedQueue<>();
    private final Map<Occasion, AtomicInteger> occurrences = new ConcurrentHashMap<>();
    private final Map<Place, Overtaking> overtaking = new ConcurrentHashMap<>();
    private final Set<String> members = ConcurrentHashMap.newKeySet();
    private final Set<String> alone = ConcurrentHashMap.newKeySet();
    private final Set<Pair> apart = ConcurrentHashMap.newKeySet();
    private final Set<InjectedFault> cutOff = ConcurrentHashMap.newKeySet();
    private final List<InjectedFault> injected = new CopyOnWriteArrayList<>();

    private UnreliableNetwork(long seed, Function<? super WireMessage, String> identity) {
        this.seed = seed;
        this.identity = identity;
    }

    /**
     * A network with a seed of its own, or that of the system property {@value #SEED_PROPERTY}.
     *
     * @throws IllegalArgumentException where the property is not a whole number
     */
    public static UnreliableNetwork create() {
        String wanted = System.getProperty(SEED_PROPERTY);
        if (wanted == null) {
            return seeded(ThreadLocalRandom.current().nextLong(SEEDS));
        }
        try {
            return seeded(Long.parseLong(wanted));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    SEED_PROPERTY + " must be a whole number, but was '" + wanted
                            + "'; take the one that a failed run has printed",
                    e);
        }
    }

    /** A network with this seed. */
    public static UnreliableNetwork seeded(long seed) {
        return seeded(seed, new MessageIdentity());
    }

    /**
     * As {@link #seeded(long)}, for messages with something random in their content.
     *
     * @param identity what a message is called, the same in every run; two messages of one name are interchangeable
     */
    public static UnreliableNetwork seeded(long seed, Function<? super WireMessage, String> identity) {
        return new UnreliableNetwork(seed, identity);
    }

    /** What all chance comes from. */
    public long seed() {
        return seed;
    }

    /** From now on the same faults at every crossing, instead of those before. */
    public UnreliableNetwork apply(FaultRates faults) {
        for (Crossing crossing : Crossing.values()) {
            rates.put(crossing, faults);
        }
        LOG.info("{} has {}; -D{}={} repeats it", this, faults, SEED_PROPERTY, seed);
        return this;
    }

    /** From now on these faults at one crossing, instead of those before. */
    public UnreliableNetwork apply(Crossing crossing, FaultRates faults) {
        rates.put(crossing, faults);
        LOG.info("{} has {} at {}; -D{}={} repeats it", this, faults, crossing, SEED_PROPERTY, seed);
        return this;
    }

    /**
     * Hits the next message of a type, whatever the rates are; called twice, the next two.
     *
     * @throws IllegalArgumentException where the type has no {@link MessageType}, or the fault cannot happen there
     */
    public UnreliableNetwork strikeNext(Crossing crossing, Class<? extends Message> type, Fault fault) {
        MessageType name = type.getAnnotation(MessageType.class);
        if (name == null) {
            throw new IllegalArgumentException(type.getName() + " has no @MessageType, so it never crosses a network");
        }
        if (fault == Fault.CUT_OFF) {
            throw new IllegalArgumentException("CUT_OFF happens to members; call cutOff or keepApart");
        }
        if (fault == Fault.REORDERED && !reorders(crossing)) {
            throw new IllegalArgumentException(
                    "no REORDERED at DELIVERY, where a consumer takes one event at a time;" + " strike at PUBLISHING");
        }
        strikes.add(new Strike(crossing, name.value(), fault));
        return this;
    }

    /**
     * Cuts a member off from everybody, the bus included, until {@link #heal()}. What it is handling goes on, but
     * nobody learns of it.
     *
     * @throws IllegalArgumentException where nothing was decorated for such a member
     */
    public void cutOff(String member) {
        alone.add(known(member));
    }

    /**
     * Keeps requests and events from passing between two members until {@link #heal()}.
     *
     * @throws IllegalArgumentException where nothing was decorated for such a member
     */
    public void keepApart(String one, String other) {
        apart.add(new Pair(known(one), known(other)));
    }

    /** Lets everybody reach everybody again; the rates stay. */
    public void heal() {
        alone.clear();
        apart.clear();
        cutOff.clear();
    }

    private String known(String member) {
        if (!members.contains(member)) {
            throw new IllegalArgumentException(
                    "there is no member '" + member + "' on this network; there are " + String.join(", ", members));
        }
        return member;
    }

    /** The faults that have happened so far, in the order in which they were decided on. */
    public List<InjectedFault> injected() {
        return List.copyOf(injected);
    }

    /** The end at which a member sends requests. */
    public RequestTransport around(String member, RequestTransport transport) {
        members.add(member);
        return (request, deadline) -> {
            if (alone.contains(member)) {
                noteCutOff(Crossing.REQUEST, member, request);
                throw new CatgaException(silence(request));
            }
            return plan(Crossing.REQUEST, member, request)
                    .carry(
                            overtaking(Crossing.REQUEST, member),
                            () -> transport.request(SenderHeader.with(member, request), deadline),
                            () -> {
                                throw new CatgaException(silence(request));
                            });
        };
    }

    /** The end at which a member publishes events. */
    public EventBus around(String member, EventBus bus) {
        members.add(member);
        return event -> {
            if (alone.contains(member)) {
                noteCutOff(Crossing.PUBLISHING, member, event);
                return CompletableFuture.failedFuture(new CatgaException(silence(event)));
            }
            FaultPlan plan = plan(Crossing.PUBLISHING, member, event);
            Overtaking others = overtaking(Crossing.PUBLISHING, member);
            if (plan.isHarmless()) {
                CompletableFuture<Void> confirmed = bus.publish(SenderHeader.with(member, event));
                others.pass();
                return confirmed;
            }
            return published(plan, others, bus, SenderHeader.with(member, event));
        };
    }

    /** Not on the thread of the publisher, so that it can publish what is to overtake this event. */
    private static CompletableFuture<Void> published(
            FaultPlan plan, Overtaking others, EventBus bus, WireMessage event) {
        CompletableFuture<Void> confirmed = new CompletableFuture<>();
        Thread.ofVirtual().name("catga-test-publish").start(() -> {
            try {
                plan.<Boolean>carry(
                        others,
                        () -> {
                            bus.publish(event).join();
                            return true;
                        },
                        () -> {
                            throw new CatgaException(silence(event));
                        });
                confirmed.complete(null);
            } catch (CompletionException e) {
                confirmed.completeExceptionally(e.getCause() == null ? e : e.getCause());
            } catch (Throwable failure) {
                confirmed.completeExceptionally(failure);
            }
        });
        return confirmed;
    }

    /** The end at which a member receives requests and events. */
    public InboundMessages around(String member, InboundMessages inbound) {
        members.add(member);
        return new UnreliableInbound(this, member, inbound);
    }

    FaultPlan plan(Crossing crossing, String member, WireMessage message) {
        String name = identity.apply(message);
        int occurrence = occurrences
                .computeIfAbsent(new Occasion(new Place(crossing, member), name), _ -> new AtomicInteger())
                .incrementAndGet();
        FaultPlan plan = FaultPlan.of(
                seed,
                String.join(" ", crossing.name(), member, name, Integer.toString(occurrence)),
                rates.getOrDefault(crossing, FaultRates.none()),
                reorders(crossing),
                struck(crossing, message));
        plan.faults()
                .forEach(fault ->
                        injected.add(new InjectedFault(crossing, member, name, occurrence, fault, plan.time(fault))));
        return plan;
    }

    private static boolean reorders(Crossing crossing) {
        return crossing != Crossing.DELIVERY;
    }

    private Set<Fault> struck(Crossing crossing, WireMessage message) {
        for (Strike strike : strikes) {
            if (strike.crossing() == crossing && strike.type().equals(message.type()) && strikes.remove(strike)) {
                return EnumSet.of(strike.fault());
            }
        }
        return Set.of();
    }

    Overtaking overtaking(Crossing crossing, String member) {
        return overtaking.computeIfAbsent(new Place(crossing, member), _ -> new Overtaking());
    }

    /** Whether a request cannot get from one to the other, or its answer back. */
    boolean keepsApart(@Nullable String sender, String receiver) {
        return (sender != null && alone.contains(sender)) || keepsFromConsumer(sender, receiver);
    }

    /** Whether an event cannot get to its consumer. It is on the bus already, wherever its publisher is by now. */
    boolean keepsFromConsumer(@Nullable String publisher, String consumer) {
        return alone.contains(consumer)
                || (publisher != null
                        && (apart.contains(new Pair(publisher, consumer))
                                || apart.contains(new Pair(consumer, publisher))));
    }

    /** Notes it once, for how often a message is tried again before the network is whole depends on the time. */
    void noteCutOff(Crossing crossing, String member, WireMessage message) {
        InjectedFault fault =
                new InjectedFault(crossing, member, identity.apply(message), 1, Fault.CUT_OFF, Duration.ZERO);
        if (cutOff.add(fault)) {
            injected.add(fault);
        }
    }

    /** What a sender learns when nothing comes back. */
    static CatgaError silence(WireMessage message) {
        return CatgaError.of(
                ErrorCode.UNAVAILABLE,
                "no answer to " + message.type() + ' ' + message.messageId() + " over the unreliable network");
    }

    /** For failure messages: the faults so far and how to have them again; empty where there were none. */
    String report() {
        return injected.isEmpty()
                ? ""
                : "%nFaults of seed %d, run again with -D%s=%d:%s"
                        .formatted(seed, SEED_PROPERTY, seed, NumberedList.of(injected()));
    }

    /** Adds the seed and the faults to whatever makes a test fail. Called by JUnit. */
    @Override
    public void handleTestExecutionException(ExtensionContext context, Throwable failure) throws Throwable {
        if (!injected.isEmpty()) {
            failure.addSuppressed(new HappenedUnderFaults(report()));
        }
        throw failure;
    }

    /** Only a message in the stack trace of a failure. */
    private static final class HappenedUnderFaults extends RuntimeException {

        private static final long serialVersionUID = 1L;

        HappenedUnderFaults(String report) {
            super(report, null, false, false);
        }
    }

    @Override
    public String toString() {
        return "the unreliable network of seed " + seed;
    }
}
