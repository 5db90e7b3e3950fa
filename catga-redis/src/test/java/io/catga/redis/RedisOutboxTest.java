package io.catga.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.catga.store.AtomicStep;
import io.catga.store.CommitOutcome;
import io.catga.store.Outbox.Entry;
import io.catga.transport.WireMessage;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RedisOutboxTest {

    private static final Duration BRIEFLY = Duration.ofMillis(50);

    @SuppressWarnings("NullAway.Init")
    private RedisSystem system;

    @BeforeEach
    void start() {
        system = RedisSystem.start(RedisTestServer.shared().newSystem());
    }

    @AfterEach
    void close() {
        system.close();
    }

    private void publish(String id) {
        AtomicStep step = AtomicStep.forKey("test.command", id, "as asked", new byte[0], Duration.ofMinutes(1))
                .publish(new WireMessage("test.happened", id, Map.of(), new byte[0]));
        assertThat(system.store().commit(step, Instant.now().plusSeconds(5))).isEqualTo(new CommitOutcome.Committed());
    }

    private static List<String> ids(List<Entry> entries) {
        return entries.stream().map(entry -> entry.event().messageId()).toList();
    }

    /** One that could not be published came back for ever, and nothing behind it was ever given out. */
    @Test
    void anEntryThatStaysHidesNoneBehindItFromARelayThatWasRestarted() {
        publish("stays");
        system.outbox().take(10, BRIEFLY);

        RedisOutbox restarted = system.outbox();
        assertThat(ids(restarted.take(10, BRIEFLY))).containsExactly("stays");
        publish("comes later");

        assertThat(ids(restarted.take(10, BRIEFLY))).containsExactly("comes later");
    }

    @Test
    void aRelayThatWasRestartedIsGivenEverythingThatItHeldInSeveralTurns() {
        List.of("a", "b", "c").forEach(this::publish);
        system.outbox().take(10, BRIEFLY);

        RedisOutbox restarted = system.outbox();

        assertThat(ids(restarted.take(2, BRIEFLY))).containsExactly("a", "b");
        assertThat(ids(restarted.take(2, BRIEFLY))).containsExactly("c");
        assertThat(ids(restarted.take(2, BRIEFLY))).isEmpty();
    }
}
