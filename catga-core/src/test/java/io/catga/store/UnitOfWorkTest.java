package io.catga.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.catga.CommandHandler;
import io.catga.ErrorCode;
import io.catga.EventHandler;
import io.catga.Mediator;
import io.catga.MessageContext;
import io.catga.MessageOptions;
import io.catga.Reply;
import io.catga.Result;
import io.catga.TestMessages;
import io.catga.TestMessages.Greet;
import io.catga.TestMessages.Greeted;
import io.catga.Unit;
import io.catga.codec.JacksonCodec;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class UnitOfWorkTest {

    private final Clock clock = Clock.systemUTC();
    private final InMemoryStateStore store = new InMemoryStateStore(clock, Duration.ofSeconds(10));
    private final UnitOfWork unitOfWork = new UnitOfWork(store, new JacksonCodec(), clock, Duration.ofHours(24));
    private final AtomicInteger greetings = new AtomicInteger();
    private final Mediator mediator = Mediator.builder()
            .catalog(TestMessages.CATALOG)
            .handler(new NumberedGreeting())
            .handler(new TestMessages.ForgetHandler())
            .handler(new TestMessages.CountHandler())
            .build();

    private final class NumberedGreeting implements CommandHandler<Greet, String> {
        @Override
        public Result<String> handle(Greet command, MessageContext context) {
            String greeting = "greeting " + greetings.incrementAndGet();
            return unitOfWork.commit(
                    context,
                    greeting,
                    step -> step.put("last", greeting.getBytes(StandardCharsets.UTF_8)),
                    List.of(new Greeted(command.name())));
        }
    }

    private Reply<String> greet(String key, String name) {
        return mediator.exchange(new Greet(name, 1), MessageOptions.defaults().withIdempotencyKey(key));
    }

    @Test
    void repeatsTheRecordedResultWhenTheKeyIsSeenAgain() {
        Reply<String> first = greet("key", "Ada");
        Reply<String> second = greet("key", "Ada");

        assertThat(second.result()).isEqualTo(first.result());
        assertThat(second.replayed()).isTrue();
        assertThat(store.get("last", clock.instant())).contains("greeting 1".getBytes(StandardCharsets.UTF_8));
        assertThat(store.backlog().size()).isEqualTo(1);
    }

    /** An event is what its id says: one that a newer sender encodes with a field more was redelivered for ever. */
    @Test
    void recognisesAnEventByItsIdAlone() {
        List<Boolean> replayed = new ArrayList<>();
        class Inbox implements EventHandler<Greeted> {
            @Override
            public Result<Unit> handle(Greeted event, MessageContext context) {
                Result<Unit> result = unitOfWork.commit(context, Unit.UNIT, step -> step, List.of());
                replayed.add(context.isReplayed());
                return result;
            }
        }
        Mediator inbox = TestMessages.complete().handler(new Inbox()).build();
        MessageOptions sameId = MessageOptions.defaults().withIdempotencyKey("event-1");

        assertThat(inbox.publish(new Greeted("Ada"), sameId)).isEqualTo(Result.done());
        assertThat(inbox.publish(new Greeted("Ada, countess"), sameId)).isEqualTo(Result.done());

        assertThat(replayed).containsExactly(false, true);
    }

    @Test
    void refusesAKeyThatWasUsedForAnotherContent() {
        greet("key", "Ada");

        assertThat(greet("key", "Grace").result())
                .isInstanceOfSatisfying(
                        Result.Failure.class,
                        failure -> assertThat(failure.error().code()).isEqualTo(ErrorCode.IDEMPOTENCY_MISMATCH));
    }
}
