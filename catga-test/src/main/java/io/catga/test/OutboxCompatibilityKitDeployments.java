package io.catga.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.catga.store.AtomicStep;
import io.catga.store.CommitOutcome;
import io.catga.store.Outbox;
import io.catga.store.Outbox.Entry;
import io.catga.store.StateStore;
import io.catga.transport.WireMessage;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;

/** What the outbox kit fills and empties; a part of {@link OutboxCompatibilityKit}, which is to be extended. */
public abstract class OutboxCompatibilityKitDeployments {

    /** One outbox, and the store whose steps fill it. */
    public interface Deployment {

        /** Called many times; always the same store, or one that sees the same. */
        StateStore store();

        /**
         * The outbox as a relay of this name sees it; asked for once for each name, before or after steps. Where relays
         * are told apart by a connection or a consumer's name, each gets its own; where they are not, it may be the
         * same object.
         */
        Outbox relay(String name) throws Exception;

        /** Called once, at the end of a test; closes what the store and the relays have open. */
        default void close() throws Exception {}
    }

    static final Duration SOON = Duration.ofSeconds(10);
    static final Duration BRIEFLY = Duration.ofMillis(300);
    static final Duration RETENTION = Duration.ofMinutes(5);

    /** A claim that ends within a test. */
    static final Duration SHORT_CLAIM = Duration.ofMillis(500);

    /** A claim that does not end within a test, however slow the machine. */
    static final Duration LONG_CLAIM = Duration.ofMinutes(5);

    static final Duration TOLERANCE = Duration.ofMillis(50);

    private final List<Deployment> deployed = new CopyOnWriteArrayList<>();

    /**
     * A store with an outbox that is empty and that no other test sees.
     *
     * @param claim how long a relay may keep an entry before another gets it
     */
    protected abstract Deployment deploy(Duration claim) throws Exception;

    final Deployment deployed(Duration claim) throws Exception {
        Deployment deployment = deploy(claim);
        deployed.add(deployment);
        return deployment;
    }

    @AfterEach
    final void closeAll() throws Exception {
        for (Deployment deployment : deployed) {
            deployment.close();
        }
    }

    static AtomicStep step() {
        return AtomicStep.forKey("kit.command", UUID.randomUUID().toString(), "as asked", new byte[0], RETENTION);
    }

    static AtomicStep publishing(String... ids) {
        AtomicStep step = step();
        for (String id : ids) {
            step = step.publish(event(id));
        }
        return step;
    }

    static WireMessage event(String id) {
        return new WireMessage("kit.happened", id, Map.of(), id.getBytes(StandardCharsets.UTF_8));
    }

    static CommitOutcome commit(Deployment deployment, AtomicStep step) {
        return deployment.store().commit(step, Instant.now().plus(SOON));
    }

    /** Commits where the test is about what comes after it. */
    static void committed(Deployment deployment, AtomicStep step) {
        assertThat(commit(deployment, step)).isEqualTo(new CommitOutcome.Committed());
    }

    /** Takes until there are so many, in as many turns as the outbox likes. */
    static List<Entry> take(Outbox relay, int count) {
        List<Entry> taken = new CopyOnWriteArrayList<>();
        await().atMost(SOON).until(() -> {
            taken.addAll(relay.take(count - taken.size(), BRIEFLY));
            return taken.size() >= count;
        });
        return new ArrayList<>(taken);
    }

    static List<String> ids(List<Entry> entries) {
        return entries.stream().map(entry -> entry.event().messageId()).toList();
    }

    static void assertNothingComes(Outbox relay) {
        assertThat(relay.take(100, BRIEFLY)).isEmpty();
    }
}
