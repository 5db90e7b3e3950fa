package io.catga.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.catga.store.AtomicStep;
import io.catga.store.CommitOutcome;
import io.catga.transport.WireMessage;
import io.lettuce.core.RedisClient;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class StepScriptTest {

    private static final AtomicStep STEP = AtomicStep.forKey(
            "test.command", "key", "as asked", "5:result".getBytes(StandardCharsets.UTF_8), Duration.ofMinutes(1));

    /** After a broken connection or a failover nobody knows whether the step was applied, so it is applied again. */
    @Test
    void aStepThatIsAppliedAgainIsNoRepeatedMessage() {
        RedisOptions options = RedisTestServer.shared().newSystem();
        Keys keys = new Keys(options.keyPrefix());

        assertThat(apply(options, StepScript.call(STEP, "one", keys))).isEqualTo(new CommitOutcome.Committed());
        assertThat(apply(options, StepScript.call(STEP, "one", keys))).isEqualTo(new CommitOutcome.Committed());
        assertThat(apply(options, StepScript.call(STEP, "another", keys)))
                .isInstanceOfSatisfying(
                        CommitOutcome.Replayed.class,
                        replayed -> assertThat(replayed.result())
                                .asString(StandardCharsets.UTF_8)
                                .isEqualTo("5:result"));
    }

    /** Redis refuses a step that names a key which its user may not write, also where the step leaves it alone. */
    @Test
    void namesTheOutboxOnlyWhereThereAreEvents() {
        Keys keys = new Keys("catga:");
        AtomicStep announcing = STEP.publish(new WireMessage("test.happened", "1", Map.of(), new byte[0]));

        assertThat(names(StepScript.call(STEP, "one", keys))).doesNotContain("catga:outbox");
        assertThat(names(StepScript.call(announcing, "one", keys))).endsWith("catga:outbox");
    }

    private static List<String> names(StepScript.Call call) {
        return Stream.of(call.keys())
                .map(key -> new String(key, StandardCharsets.UTF_8))
                .toList();
    }

    private static CommitOutcome apply(RedisOptions options, StepScript.Call call) {
        String node = java.util.Objects.requireNonNull(options.node());
        RedisClient client = RedisClient.create(RedisAccess.open().node(Address.parse(node), Duration.ofSeconds(5)));
        try (StatefulRedisConnection<byte[], byte[]> connection = client.connect(ByteArrayCodec.INSTANCE)) {
            List<Object> answer =
                    connection.sync().eval(StepScript.TEXT, ScriptOutputType.MULTI, call.keys(), call.arguments());
            return StepScript.outcome(STEP, answer);
        } finally {
            client.shutdown(Duration.ZERO, Duration.ofSeconds(1));
        }
    }
}
