package io.catga.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.catga.CommandHandler;
import io.catga.EventHandler;
import io.catga.Mediator;
import io.catga.MessageContext;
import io.catga.MessageOptions;
import io.catga.Result;
import io.catga.TestMessages;
import io.catga.TestMessages.Forget;
import io.catga.TestMessages.Greet;
import io.catga.TestMessages.Greeted;
import io.catga.Unit;
import io.catga.codec.JacksonCodec;
import io.catga.transport.LogLines;
import io.catga.transport.WireMessage;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

class LoggingBehaviorTest {

    private static final org.slf4j.Logger LOG = LoggerFactory.getLogger(LoggingBehaviorTest.class);
    private static final Logger ALL = (Logger) LoggerFactory.getLogger("io.catga");

    private final @Nullable Level before = ALL.getLevel();
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();

    @BeforeEach
    void listen() {
        lines.start();
        ALL.setLevel(Level.INFO);
        ALL.addAppender(lines);
    }

    @AfterEach
    void stopListening() {
        ALL.detachAppender(lines);
        ALL.setLevel(before);
    }

    /** What was logged with this id, as the pattern of an application would print it. */
    private List<String> linesOf(String messageId) {
        return lines.list.stream()
                .filter(line -> Objects.equals(line.getMDCPropertyMap().get(LogLines.MESSAGE_ID), messageId))
                .map(ILoggingEvent::getFormattedMessage)
                .toList();
    }

    private static MessageOptions id(String messageId) {
        return MessageOptions.defaults().withIdempotencyKey(messageId);
    }

    @Test
    void everyLineOfAHandlingHasTheIdOfItsMessage() {
        class Talking implements CommandHandler<Greet, String> {
            @Override
            public Result<String> handle(Greet command, MessageContext context) {
                LOG.info("greeting {}", command.name());
                return Result.success("Hello");
            }
        }
        Mediator mediator = with(new Talking());

        mediator.send(new Greet("Ada", 1), id("id-1"));
        mediator.send(new Greet("Grace", 1), id("id-2"));

        assertThat(linesOf("id-1")).containsExactly("[local] Handling command: Greet [MessageId=id-1]", "greeting Ada");
        assertThat(linesOf("id-2"))
                .containsExactly("[local] Handling command: Greet [MessageId=id-2]", "greeting Grace");
        assertThat(MDC.get(LogLines.MESSAGE_ID)).isNull();
    }

    private static Mediator with(CommandHandler<Greet, String> handler) {
        return Mediator.builder()
                .catalog(TestMessages.CATALOG)
                .handler(handler)
                .handler(new TestMessages.ForgetHandler())
                .handler(new TestMessages.CountHandler())
                .build();
    }

    @Test
    void aMessageThatIsSentMeanwhileHasItsOwn() {
        class Sending implements CommandHandler<Greet, String> {
            private Mediator mediator = TestMessages.complete().build();

            @Override
            public Result<String> handle(Greet command, MessageContext context) {
                mediator.send(new Forget(command.name()), id("inner"));
                LOG.info("after");
                return Result.success("Hello");
            }
        }

        with(new Sending()).send(new Greet("Ada", 1), id("outer"));

        assertThat(linesOf("inner")).containsExactly("[local] Handling command: Forget [MessageId=inner]");
        assertThat(linesOf("outer")).containsExactly("[local] Handling command: Greet [MessageId=outer]", "after");
    }

    @Test
    void theLineOfAnEventHasIt() {
        class Talking implements EventHandler<Greeted> {
            @Override
            public Result<Unit> handle(Greeted event, MessageContext context) {
                LOG.info("in hand");
                return Result.done();
            }
        }
        var mediator = TestMessages.complete().handler(new Talking()).build();

        mediator.onEvent(
                new WireMessage("test.greeted", "event-1", Map.of(), new JacksonCodec().encode(new Greeted("Ada"))),
                1,
                false);

        assertThat(linesOf("event-1")).containsExactly("in hand", "[local] Received event: Greeted [Name=Ada]");
    }

    @Test
    void theLineOfAMessageThatDoesNotGetAsFarAsItsPipelineHasItAndItsTrace() {
        String trace = "4bf92f3577b34da6a3ce929d0e0e4736";
        Map<String, String> headers = Map.of("traceparent", "00-" + trace + "-00f067aa0ba902b7-01");
        MDC.put("mine", "is kept");

        TestMessages.complete().build().onRequest(new WireMessage("test.greet", "id-1", headers, new byte[] {'{'}));

        assertThat(lines.list)
                .singleElement()
                .satisfies(line -> assertThat(line.getMDCPropertyMap())
                        .containsOnly(entry("messageId", "id-1"), entry("traceId", trace), entry("mine", "is kept")));
        assertThat(MDC.getCopyOfContextMap()).containsOnly(entry("mine", "is kept"));
        MDC.clear();
    }

    @Test
    void theLineOfAFailureHasItAndNothingIsLeftBehind() {
        class Broken implements CommandHandler<Greet, String> {
            @Override
            public Result<String> handle(Greet command, MessageContext context) {
                throw new IllegalStateException("broken");
            }
        }

        with(new Broken()).send(new Greet("Ada", 1), id("id-1"));

        assertThat(linesOf("id-1"))
                .hasSize(3)
                .contains("[local] Greet ended in a defect")
                .last()
                .asString()
                .startsWith("[local] Failed command: Greet: INTERNAL");
        assertThat(MDC.get(LogLines.MESSAGE_ID)).isNull();
    }
}
