package io.catga.benchmarks;

import io.catga.Command;
import io.catga.CommandHandler;
import io.catga.Idempotent;
import io.catga.Mediator;
import io.catga.MessageCatalog;
import io.catga.MessageContext;
import io.catga.MessageOptions;
import io.catga.MessageType;
import io.catga.Reply;
import io.catga.Result;
import io.catga.store.InMemoryStateStore;
import java.time.Clock;
import java.time.Duration;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * What it costs to handle a command once for its key, with the store in memory: to claim the key, record the result and
 * end the claim; or to find the result of before.
 */
@State(Scope.Benchmark)
public class IdempotencyBenchmark {

    /** A command that is handled once for its key. */
    @Idempotent
    @MessageType("benchmarks.echo-once")
    public record EchoOnce(String text) implements Command<String> {}

    private static final class EchoOnceHandler implements CommandHandler<EchoOnce, String> {
        @Override
        public Result<String> handle(EchoOnce command, MessageContext context) {
            return Result.success(command.text());
        }
    }

    private final EchoOnce command = new EchoOnce("hello");
    private final MessageOptions known = MessageOptions.defaults().withIdempotencyKey("known");
    private Mediator mediator = catga();
    private long keys;

    private static Mediator catga() {
        return Mediator.builder()
                .catalog(MessageCatalog.of(EchoOnce.class))
                .handler(new EchoOnceHandler())
                .store(new InMemoryStateStore(Clock.systemUTC(), Duration.ofMinutes(1)))
                .build();
    }

    /** A store for each iteration, as it remembers every key for a day. */
    @Setup(Level.Iteration)
    public void forget() {
        mediator = catga();
        mediator.send(command, known).orElseThrow();
    }

    @Benchmark
    public String newKey() {
        return mediator.send(command, MessageOptions.defaults().withIdempotencyKey("key-" + keys++))
                .orElseThrow();
    }

    @Benchmark
    public Reply<String> replay() {
        Reply<String> reply = mediator.exchange(command, known);
        if (!reply.replayed()) {
            throw new IllegalStateException("the recorded result should have been repeated, but there is " + reply);
        }
        return reply;
    }
}
