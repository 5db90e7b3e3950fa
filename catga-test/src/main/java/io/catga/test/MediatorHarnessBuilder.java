package io.catga.test;

import io.catga.MediatorBuilder;
import io.catga.MessageCatalog;
import io.catga.codec.JacksonCodec;
import io.catga.codec.MessageCodec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Describes a {@link MediatorHarness}. Not thread-safe; the harness is. */
public final class MediatorHarnessBuilder {

    final List<MessageCatalog> catalogs = new ArrayList<>();
    final Map<String, BiConsumer<MediatorBuilder, Surroundings>> members = new LinkedHashMap<>();
    MessageCodec codec = new JacksonCodec();
    ManualClock clock = ManualClock.at(Instant.parse("2026-01-01T00:00:00Z"));

    @Nullable
    UnreliableNetwork network;

    Duration timeLimit = Duration.ofSeconds(5);
    Duration retention = Duration.ofHours(24);
    int maxAttempts = 3;
    Duration redelivery = Duration.ofMillis(10);

    MediatorHarnessBuilder() {}

    /** Adds types of messages; every member and the test itself know them all. */
    public MediatorHarnessBuilder catalog(MessageCatalog catalog) {
        catalogs.add(catalog);
        return this;
    }

    /**
     * Adds a process. Members with handlers of the same requests share them, as the replicas of a service do; of each
     * event every member with a handler gets its own.
     *
     * @param name   under which it receives events, answers requests and can be cut off
     * @param member adds the handlers, and what else of the pipeline is wanted, to the ordinary builder of mediators.
     *     The harness itself sets the instance, clock, codec and the ways to the network, whatever was set here
     * @throws IllegalArgumentException where the name is taken
     */
    public MediatorHarnessBuilder member(String name, BiConsumer<MediatorBuilder, Surroundings> member) {
        if (name.equals(MediatorHarness.SENDER) || name.equals(MediatorHarness.OUTBOX)) {
            throw new IllegalArgumentException(
                    "the harness itself takes part as '" + name + "'; give the member another name");
        }
        if (members.putIfAbsent(name, member) != null) {
            throw new IllegalArgumentException("two members are named '" + name + "'; give one of them another name");
        }
        return this;
    }

    /** How messages become bytes; JSON by default. */
    public MediatorHarnessBuilder codec(MessageCodec messages) {
        this.codec = messages;
        return this;
    }

    /** The clock of everything in the harness; one at the beginning of 2026 by default. */
    public MediatorHarnessBuilder clock(ManualClock time) {
        this.clock = time;
        return this;
    }

    /** The faults of the network; by default there are none until {@link MediatorHarness#network()} is told of some. */
    public MediatorHarnessBuilder network(UnreliableNetwork unreliable) {
        this.network = unreliable;
        return this;
    }

    /** How long, in real time, a test waits for what should happen; 5 seconds by default. */
    public MediatorHarnessBuilder timeLimit(Duration limit) {
        this.timeLimit = positive("timeLimit", limit);
        return this;
    }

    /** How long a message id is remembered, by the clock of the harness; 24 hours by default. */
    public MediatorHarnessBuilder retention(Duration time) {
        this.retention = positive("retention", time);
        return this;
    }

    /**
     * How a member is given an event that it fails to handle.
     *
     * @param maxAttempts how many times altogether; 3 by default
     * @param pause       the real time in between; 10 ms by default
     */
    public MediatorHarnessBuilder redelivery(int maxAttempts, Duration pause) {
        if (maxAttempts < 1) {
            throw new IllegalArgumentException(
                    "maxAttempts must be at least 1, but was " + maxAttempts + "; 1 is never to deliver again");
        }
        this.maxAttempts = maxAttempts;
        this.redelivery = positive("pause", pause);
        return this;
    }

    private static Duration positive(String name, Duration time) {
        if (!time.isPositive()) {
            throw new IllegalArgumentException(name + " must be positive, but was " + time);
        }
        return time;
    }

    /**
     * Builds the mediators and lets them take part in the network.
     *
     * @throws io.catga.CatgaConfigurationException with all that is wrong with a member
     */
    public MediatorHarness build() {
        return new MediatorHarness(this);
    }
}
