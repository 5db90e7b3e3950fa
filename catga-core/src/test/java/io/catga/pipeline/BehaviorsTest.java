package io.catga.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.catga.CatgaError.Violation;
import io.catga.DefaultMediator;
import io.catga.ErrorCode;
import io.catga.EventHandler;
import io.catga.Mediator;
import io.catga.MessageContext;
import io.catga.MessageOptions;
import io.catga.Reply;
import io.catga.Result;
import io.catga.TestMessages;
import io.catga.TestMessages.CountGreetings;
import io.catga.TestMessages.Forget;
import io.catga.TestMessages.Greet;
import io.catga.TestMessages.Greeted;
import io.catga.Unit;
import io.catga.codec.JacksonCodec;
import io.catga.transport.Delivery;
import io.catga.transport.WireMessage;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.tracing.test.simple.SimpleTracer;
import io.micrometer.tracing.test.simple.SpansAssert;
import jakarta.validation.Validation;
import jakarta.validation.Validator;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class BehaviorsTest {

    private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");
    private static final Validator VALIDATOR =
            Validation.buildDefaultValidatorFactory().getValidator();

    private final Logger messages = (Logger) LoggerFactory.getLogger("io.catga.messages");
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();

    @BeforeEach
    void listen() {
        lines.start();
        messages.addAppender(lines);
        messages.setLevel(Level.DEBUG);
    }

    @AfterEach
    void stopListening() {
        messages.detachAppender(lines);
    }

    private static WireMessage wire(Object message, String name, Map<String, String> headers) {
        return new WireMessage(name, "id-1", headers, new JacksonCodec().encode(message));
    }

    @Test
    void everyStageStandsInTheDocumentedOrderForEveryKindOfMessage() {
        List<String> trail = new ArrayList<>();
        List<Placement> places = Arrays.stream(Stage.values())
                .flatMap(stage -> Stream.of(Placement.before(stage), Placement.at(stage), Placement.after(stage)))
                .toList();
        var builder = TestMessages.complete();
        places.reversed().forEach(place -> builder.behavior(new Trail(place, trail)));
        Mediator mediator = builder.build();
        List<String> expected = places.stream().map(Placement::toString).toList();

        mediator.send(new Greet("Ada", 1));
        mediator.send(new Forget("Ada"));
        mediator.send(new CountGreetings());
        mediator.publish(new Greeted("Ada"));

        assertThat(trail).hasSize(expected.size() * 4);
        for (int i = 0; i < 4; i++) {
            assertThat(trail.subList(i * expected.size(), (i + 1) * expected.size()))
                    .isEqualTo(expected);
        }
    }

    private record Trail(Placement placement, List<String> trail) implements Behavior {
        @Override
        public Optional<Step> stepFor(Target target) {
            return Optional.of((context, next) -> {
                trail.add(placement.toString());
                return next.proceed(context);
            });
        }
    }

    @Test
    void validationNamesEveryBrokenConstraint() {
        Result<String> result =
                TestMessages.complete().validation(VALIDATOR).build().send(new Greet(" ", 4));

        assertThat(result).isInstanceOfSatisfying(Result.Failure.class, failure -> {
            assertThat(failure.error().code()).isEqualTo(ErrorCode.VALIDATION);
            assertThat(failure.error().violations())
                    .containsExactly(
                            new Violation("name", "must not be blank"),
                            new Violation("times", "must be less than or equal to 3"));
        });
    }

    @Test
    void workWhoseDeadlineHasPassedIsRefused() {
        var mediator =
                TestMessages.complete().clock(Clock.fixed(NOW, ZoneOffset.UTC)).build();
        String late = Long.toString(NOW.minusMillis(5).toEpochMilli());

        var reply = mediator.onRequest(wire(new Greet("Ada", 1), "test.greet", Map.of("Catga-Deadline", late)));

        assertThat(new String(reply.payload(), java.nio.charset.StandardCharsets.UTF_8))
                .contains("DEADLINE_EXCEEDED", "5 ms after its deadline");
    }

    @Test
    void aHandledCommandIsOneLineWithTheInstanceFirst() {
        TestMessages.complete()
                .instance("greeter-1")
                .build()
                .send(new Greet("Ada", 1), MessageOptions.defaults().withIdempotencyKey("key-1"));

        assertThat(lines.list).singleElement().satisfies(line -> {
            assertThat(line.getLevel()).isEqualTo(Level.INFO);
            assertThat(line.getFormattedMessage()).isEqualTo("[greeter-1] Handling command: Greet [MessageId=key-1]");
        });
    }

    @Test
    void aHandledEventIsOneLineAndItsRedeliveryOneAtDebug() {
        class Once implements EventHandler<Greeted> {
            private boolean handled;

            @Override
            public Result<Unit> handle(Greeted event, MessageContext context) {
                if (handled) {
                    context.markReplayed();
                }
                handled = true;
                return Result.done();
            }
        }
        var mediator = Mediator.builder()
                .instance("listener-1")
                .catalog(io.catga.MessageCatalog.of(Greeted.class))
                .handler(new Once())
                .build();
        WireMessage event = wire(new Greeted("Ada"), "test.greeted", Map.of());

        mediator.onEvent(event, 1, false);
        mediator.onEvent(event, 2, false);

        assertThat(lines.list)
                .extracting(ILoggingEvent::getLevel, ILoggingEvent::getFormattedMessage)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(
                                Level.INFO, "[listener-1] Received event: Greeted [Name=Ada]"),
                        org.assertj.core.groups.Tuple.tuple(
                                Level.DEBUG, "[listener-1] Received again event: Greeted [Name=Ada]"));
    }

    @Test
    void aRequestIsCountedWithItsOutcomeAndARejectionIsNoFailure() {
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        Mediator mediator =
                TestMessages.complete().metrics(meters).validation(VALIDATOR).build();

        mediator.send(new Greet("Ada", 1));
        mediator.send(new Greet("", 1));

        assertThat(count(meters, "catga.request.outcomes", "outcome", "success"))
                .isEqualTo(1);
        assertThat(count(meters, "catga.request.outcomes", "code", "VALIDATION"))
                .isEqualTo(1);
        assertThat(count(meters, "catga.requests.failed", "type", "Greet")).isZero();
        assertThat(meters.get("catga.request.duration")
                        .tag("type", "Greet")
                        .timer()
                        .count())
                .isEqualTo(2);
    }

    @Test
    void aRequestThatReachedNoHandlerIsCountedWhereItWasSent() {
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        Mediator mediator = Mediator.builder()
                .catalog(TestMessages.CATALOG)
                .metrics(meters)
                .requestTransport((request, deadline) -> {
                    throw new io.catga.CatgaException(ErrorCode.UNAVAILABLE, "nobody there");
                })
                .build();

        mediator.send(new Greet("Ada", 1));

        assertThat(count(meters, "catga.request.outcomes", "code", "UNAVAILABLE"))
                .isEqualTo(1);
        assertThat(count(meters, "catga.requests.failed", "type", "Greet")).isEqualTo(1);
        assertThat(count(meters, "catga.client.request.outcomes", "code", "UNAVAILABLE"))
                .isEqualTo(1);
    }

    /** An overloaded cluster showed no failures: the instance that refused had not counted, and the sender thought it had. */
    @Test
    void aRequestThatAnInstanceRefusedIsCountedWhereItWasSent() {
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        DefaultMediator overloaded =
                TestMessages.complete().instance("overloaded").build();
        Mediator mediator = Mediator.builder()
                .catalog(TestMessages.CATALOG)
                .metrics(meters)
                .requestTransport((request, deadline) -> overloaded.refuse(request))
                .build();

        Reply<String> reply = mediator.exchange(new Greet("Ada", 1), MessageOptions.defaults());

        assertThat(reply.handledBy()).isNull();
        assertThat(count(meters, "catga.request.outcomes", "code", "OVERLOADED"))
                .isEqualTo(1);
        assertThat(count(meters, "catga.requests.failed", "type", "Greet")).isEqualTo(1);
    }

    private static double count(SimpleMeterRegistry meters, String name, String tag, String value) {
        return meters.get(name).tag("type", "Greet").tag(tag, value).counter().count();
    }

    @Test
    void everyMessageIsASpanWithItsKindAndName() {
        SimpleTracer tracer = new SimpleTracer();
        Mediator mediator = TestMessages.complete()
                .tracing(tracer, io.micrometer.tracing.propagation.Propagator.NOOP)
                .build();

        mediator.send(new Greet("Ada", 1));
        mediator.publish(new Greeted("Ada"));

        SpansAssert.assertThat(List.copyOf(tracer.getSpans()))
                .hasASpanWithName("process Greet")
                .hasASpanWithName("process Greeted");
    }

    @Test
    void aFailedEventIsDeliveredAgainOrGivenUpAsItsCodeSays() {
        class Failing implements EventHandler<Greeted> {
            @Override
            public Result<Unit> handle(Greeted event, MessageContext context) {
                return Result.failure(ErrorCode.valueOf(event.name()), "no");
            }
        }
        var mediator = Mediator.builder()
                .catalog(io.catga.MessageCatalog.of(Greeted.class))
                .handler(new Failing())
                .build();

        assertThat(deliver(mediator, ErrorCode.VALIDATION, false)).isInstanceOf(Delivery.GivenUp.class);
        assertThat(deliver(mediator, ErrorCode.UNAVAILABLE, false)).isInstanceOf(Delivery.Again.class);
        assertThat(deliver(mediator, ErrorCode.UNAVAILABLE, true)).isInstanceOf(Delivery.GivenUp.class);
        assertThat(deliver(mediator, ErrorCode.OVERLOADED, true)).isInstanceOf(Delivery.Again.class);
    }

    private static Delivery deliver(io.catga.DefaultMediator mediator, ErrorCode code, boolean last) {
        return mediator.onEvent(wire(new Greeted(code.name()), "test.greeted", Map.of()), 1, last);
    }

    @Test
    void whatCannotBeReadIsAnsweredAsUnreadable() {
        var mediator = TestMessages.complete().build();

        var broken = mediator.onRequest(new WireMessage("test.greet", "id", Map.of(), new byte[] {'{'}));
        var newer = mediator.onRequest(wire(new Greet("Ada", 1), "test.greet", Map.of("Catga-Version", "2")));
        var unknown = mediator.onRequest(wire(new Greet("Ada", 1), "test.other", Map.of()));

        assertThat(List.of(broken, newer, unknown))
                .extracting(reply -> new String(reply.payload(), java.nio.charset.StandardCharsets.UTF_8))
                .satisfiesExactly(
                        text -> assertThat(text).contains("UNREADABLE"),
                        text -> assertThat(text).contains("UNREADABLE", "version 2"),
                        text -> assertThat(text).contains("NO_HANDLER"));
    }

    @Test
    void aDeadlineInTheFutureLetsTheWorkBeDone() {
        var mediator =
                TestMessages.complete().clock(Clock.fixed(NOW, ZoneOffset.UTC)).build();
        String inTime = Long.toString(NOW.plus(Duration.ofMillis(1)).toEpochMilli());

        var reply = mediator.onRequest(wire(new Greet("Ada", 1), "test.greet", Map.of("Catga-Deadline", inTime)));

        assertThat(reply.headers()).containsEntry("Catga-Outcome", "success");
    }
}
