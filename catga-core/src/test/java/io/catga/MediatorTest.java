package io.catga;

import static io.catga.TestMessages.CATALOG;
import static org.assertj.core.api.Assertions.assertThat;

import io.catga.Result.Failure;
import io.catga.Result.Success;
import io.catga.TestMessages.CountGreetings;
import io.catga.TestMessages.CountHandler;
import io.catga.TestMessages.Forget;
import io.catga.TestMessages.ForgetHandler;
import io.catga.TestMessages.Greet;
import io.catga.TestMessages.Greeted;
import io.catga.transport.WireMessage;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class MediatorTest {

    private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");

    private static ErrorCode codeOf(Result<?> result) {
        assertThat(result).isInstanceOf(Failure.class);
        return ((Failure<?>) result).error().code();
    }

    @Test
    void bringsACommandToItsHandler() {
        assertThat(TestMessages.complete().build().send(new Greet("Ada", 1))).isEqualTo(Result.success("Hello Ada"));
    }

    @Test
    void answersQueriesAndCommandsWithoutAResultTheSameWay() {
        Mediator mediator = TestMessages.complete().build();

        assertThat(mediator.send(new CountGreetings())).isEqualTo(Result.success(1));
        assertThat(mediator.send(new Forget("Ada"))).isEqualTo(Result.done());
    }

    @Test
    void sendsWithoutWaiting() {
        assertThat(TestMessages.complete()
                        .build()
                        .sendAsync(new Greet("Ada", 1))
                        .toCompletableFuture())
                .succeedsWithin(Duration.ofSeconds(5))
                .isEqualTo(Result.success("Hello Ada"));
    }

    /** Which once was added for the command only. */
    @Test
    void anObjectThatHandlesACommandAndAnEventIsGivenBoth() {
        List<String> seen = new ArrayList<>();
        class Both implements CommandHandler<Greet, String>, EventHandler<Greeted> {
            @Override
            public Result<String> handle(Greet command, MessageContext context) {
                return Result.success("Hello " + command.name());
            }

            @Override
            public Result<Unit> handle(Greeted event, MessageContext context) {
                seen.add(event.name());
                return Result.done();
            }
        }
        Both both = new Both();
        Mediator mediator = Mediator.builder()
                .catalog(MessageCatalog.of(Greet.class, Greeted.class))
                .handler((RequestHandler<?, ?>) both)
                .handler((EventHandler<?>) both)
                .build();

        assertThat(mediator.send(new Greet("Ada", 1))).isEqualTo(Result.success("Hello Ada"));
        assertThat(mediator.publish(new Greeted("Ada"))).isEqualTo(Result.done());
        assertThat(seen).containsExactly("Ada");
    }

    @Test
    void bringsAnEventToEveryHandlerEvenWhenOneFails() {
        List<String> seen = new ArrayList<>();
        class Failing implements EventHandler<Greeted> {
            @Override
            public Result<Unit> handle(Greeted event, MessageContext context) {
                seen.add("failing");
                throw new IllegalStateException("broken");
            }
        }
        class Working implements EventHandler<Greeted> {
            @Override
            public Result<Unit> handle(Greeted event, MessageContext context) {
                seen.add("working");
                return Result.done();
            }
        }
        Mediator mediator = TestMessages.complete()
                .handler(new Failing())
                .handler(new Working())
                .build();

        Result<Unit> result = mediator.publish(new Greeted("Ada"));

        assertThat(seen).containsExactly("failing", "working");
        assertThat(codeOf(result)).isEqualTo(ErrorCode.INTERNAL);
    }

    /** It was given up at once for the one, and the other, which only had to wait for its database, never got it again. */
    @Test
    void anEventIsDeliveredAgainWhileOneOfItsHandlersNeedsIt() {
        class Refusing implements EventHandler<Greeted> {
            @Override
            public Result<Unit> handle(Greeted event, MessageContext context) {
                return Result.failure(ErrorCode.CONFLICT, "never");
            }
        }
        class Waiting implements EventHandler<Greeted> {
            @Override
            public Result<Unit> handle(Greeted event, MessageContext context) {
                return Result.failure(ErrorCode.UNAVAILABLE, "not yet");
            }
        }
        MediatorBuilder one = TestMessages.complete().handler(new Refusing()).handler(new Waiting());
        MediatorBuilder other = TestMessages.complete().handler(new Waiting()).handler(new Refusing());

        assertThat(codeOf(one.build().publish(new Greeted("Ada")))).isEqualTo(ErrorCode.UNAVAILABLE);
        assertThat(codeOf(other.build().publish(new Greeted("Ada")))).isEqualTo(ErrorCode.UNAVAILABLE);
    }

    @Test
    void waitsForTheEventBusNoLongerThanTheDeadlineWhichDoesNotTravel() {
        List<WireMessage> published = new ArrayList<>();
        Mediator mediator = TestMessages.complete()
                .eventBus(event -> {
                    published.add(event);
                    return new CompletableFuture<>();
                })
                .build();

        Instant begun = Instant.now();
        Result<Unit> result =
                mediator.publish(new Greeted("Ada"), MessageOptions.defaults().withTimeout(Duration.ofMillis(50)));

        assertThat(codeOf(result)).isEqualTo(ErrorCode.UNAVAILABLE);
        assertThat(begun).isAfter(Instant.now().minusSeconds(2));
        assertThat(published)
                .singleElement()
                .satisfies(event -> assertThat(event.headers()).doesNotContainKey("Catga-Deadline"));
    }

    @Test
    void turnsWhatAHandlerThrowsIntoAnInternalErrorThatTellsNothing() {
        class Broken implements CommandHandler<Greet, String> {
            @Override
            public Result<String> handle(Greet command, MessageContext context) {
                throw new IllegalStateException("password=secret");
            }
        }
        Result<String> result = withGreeting(new Broken()).send(new Greet("Ada", 1));

        assertThat(codeOf(result)).isEqualTo(ErrorCode.INTERNAL);
        assertThat(result.toString()).doesNotContain("secret");
    }

    @Test
    void passesOnTheErrorThatAHandlerThrows() {
        class Refusing implements CommandHandler<Greet, String> {
            @Override
            public Result<String> handle(Greet command, MessageContext context) {
                throw new CatgaException(ErrorCode.CONFLICT, "greeted already");
            }
        }
        assertThat(withGreeting(new Refusing()).send(new Greet("Ada", 1)))
                .isEqualTo(Result.failure(ErrorCode.CONFLICT, "greeted already"));
    }

    @Test
    void saysWhoHandledAMessage() {
        Reply<String> reply = TestMessages.complete()
                .instance("greeter-1")
                .build()
                .exchange(new Greet("Ada", 1), MessageOptions.defaults());

        assertThat(reply.handledBy()).isEqualTo("greeter-1");
        assertThat(reply.replayed()).isFalse();
    }

    @Test
    void usesTheIdempotencyKeyAsTheMessageId() {
        Recording handler = new Recording();

        withGreeting(handler)
                .send(new Greet("Ada", 1), MessageOptions.defaults().withIdempotencyKey("key-1"));

        assertThat(handler.seen.getFirst().messageId()).isEqualTo("key-1");
        assertThat(handler.seen.getFirst().idempotencyKey()).isEqualTo("key-1");
    }

    @Test
    void letsNestedMessagesInheritCorrelationCauseAndDeadline() {
        Recording inner = new Recording();
        Clock clock = Clock.fixed(NOW, ZoneOffset.UTC);
        class Outer implements CommandHandler<Forget, Unit> {
            @SuppressWarnings("NullAway.Init")
            private Mediator mediator;

            @Override
            public Result<Unit> handle(Forget command, MessageContext context) {
                return mediator.send(new Greet("Ada", 1)).map(any -> Unit.UNIT);
            }
        }
        Outer outer = new Outer();
        Mediator mediator = Mediator.builder()
                .catalog(CATALOG)
                .clock(clock)
                .timeout(Duration.ofSeconds(5))
                .handler(inner)
                .handler(outer)
                .handler(new CountHandler())
                .build();
        outer.mediator = mediator;

        mediator.send(
                new Forget("Ada"),
                MessageOptions.defaults().withIdempotencyKey("outer").withTimeout(Duration.ofSeconds(2)));

        MessageMetadata seen = inner.seen.getFirst();
        assertThat(seen.correlationId()).isEqualTo("outer");
        assertThat(seen.causationId()).isEqualTo("outer");
        assertThat(seen.deadline()).isEqualTo(NOW.plusSeconds(2));
        assertThat(seen.messageId()).isNotEqualTo("outer");
    }

    @Test
    void refusesAMessageOfAnUnknownType() {
        @MessageType("test.unknown")
        record Unknown() implements Command<String> {}

        assertThat(codeOf(TestMessages.complete().build().send(new Unknown()))).isEqualTo(ErrorCode.NO_HANDLER);
    }

    private static Mediator withGreeting(CommandHandler<Greet, String> handler) {
        return Mediator.builder()
                .catalog(CATALOG)
                .handler(handler)
                .handler(new ForgetHandler())
                .handler(new CountHandler())
                .build();
    }

    private static final class Recording implements CommandHandler<Greet, String> {

        private final List<MessageMetadata> seen = new ArrayList<>();

        @Override
        public Result<String> handle(Greet command, MessageContext context) {
            seen.add(context.metadata());
            return Result.success("Hello");
        }
    }

    @Test
    void letsAResultBeTakenApart() {
        Result<String> result = TestMessages.complete().build().send(new Greet("Ada", 1));

        String text = switch (result) {
            case Success<String>(String value) -> value;
            case Failure<String>(CatgaError error) -> error.message();
        };

        assertThat(text).isEqualTo("Hello Ada");
        assertThat(result.orElseThrow()).isEqualTo("Hello Ada");
    }
}
