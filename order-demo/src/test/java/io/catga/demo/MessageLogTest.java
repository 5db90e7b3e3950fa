package io.catga.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.catga.BusinessKey;
import io.catga.Command;
import io.catga.CommandHandler;
import io.catga.Event;
import io.catga.EventHandler;
import io.catga.Mediator;
import io.catga.MessageCatalog;
import io.catga.MessageContext;
import io.catga.MessageOptions;
import io.catga.MessageType;
import io.catga.Result;
import io.catga.Unit;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.boot.logging.LoggingSystemProperty;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What the applications log about a message, as their common configuration has it. */
@ExtendWith(OutputCaptureExtension.class)
class MessageLogTest {

    private static final Logger LOG = LoggerFactory.getLogger(MessageLogTest.class);
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final String id = UUID.randomUUID().toString();

    @MessageType("test.say")
    record Say(String what) implements Command<Unit> {}

    @MessageType("test.said")
    record Said(@BusinessKey String what) implements Event {}

    static final class SayHandler implements CommandHandler<Say, Unit> {
        @Override
        public Result<Unit> handle(Say command, MessageContext context) {
            LOG.info("saying {}", command.what());
            return Result.done();
        }
    }

    static final class SaidHandler implements EventHandler<Said> {
        @Override
        public Result<Unit> handle(Said event, MessageContext context) {
            LOG.info("heard {}", event.what());
            return Result.done();
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {

        @Bean
        MessageCatalog messages() {
            return MessageCatalog.of(Say.class, Said.class);
        }

        @Bean
        SayHandler sayHandler() {
            return new SayHandler();
        }

        @Bean
        SaidHandler saidHandler() {
            return new SaidHandler();
        }
    }

    /** It keeps what it has learnt, in system properties too, from one application of a JVM to the next. */
    @BeforeEach
    @AfterEach
    void forgetHowToLog() {
        LoggingSystem.get(MessageLogTest.class.getClassLoader()).cleanUp();
        for (LoggingSystemProperty property : LoggingSystemProperty.values()) {
            System.clearProperty(property.getEnvironmentVariableName());
        }
    }

    private void sendAndPublish(CapturedOutput output, String... arguments) {
        try (ConfigurableApplicationContext application = new SpringApplicationBuilder(Application.class)
                .web(WebApplicationType.NONE)
                .run(arguments)) {
            Mediator mediator = application.getBean(Mediator.class);
            MessageOptions options = MessageOptions.defaults().withIdempotencyKey(id);
            assertThat(mediator.send(new Say("hello"), options)).isEqualTo(Result.done());
            assertThat(mediator.publish(new Said("hello"), options)).isEqualTo(Result.done());
            await().atMost(Duration.ofSeconds(30)).until(() -> output.getOut().contains("Received event: Said"));
        }
    }

    @Test
    void everyLineOfAMessageHasItsIdAndItsTraceForPeople(CapturedOutput output) {
        sendAndPublish(output);

        assertThat(output.getOut().lines().filter(line -> line.contains("Started ")))
                .as("a line that is about no message has no empty ids")
                .isNotEmpty()
                .noneMatch(line -> line.contains("trace="));
        String ids = " \\[trace=[0-9a-f]{32} message=" + id + "]";
        assertThat(output.getOut().lines().filter(line -> line.contains(id)))
                .satisfiesExactly(
                        line -> assertThat(line)
                                .matches(beginning()
                                        + Pattern.quote("[order-demo] Handling command: Say [MessageId=")
                                        + id
                                        + ']'
                                        + ids),
                        line -> assertThat(line).matches(beginning() + "saying hello" + ids),
                        line -> assertThat(line).matches(beginning() + "heard hello" + ids),
                        line -> assertThat(line)
                                .matches(beginning()
                                        + Pattern.quote("[order-demo] Received event: Said [What=hello]")
                                        + ids));
    }

    private static String beginning() {
        return "\\d\\d:\\d\\d:\\d\\d\\.\\d{3} INFO  ";
    }

    @Test
    void everyLineOfAMessageHasItsIdAndItsTraceForPrograms(CapturedOutput output) {
        sendAndPublish(output, "--LOG_FORMAT=ecs");

        List<JsonNode> lines = output.getOut()
                .lines()
                .filter(line -> line.contains(id))
                .map(JSON::readTree)
                .toList();
        assertThat(lines)
                .extracting(line -> line.get("message").asString())
                .containsExactly(
                        "[order-demo] Handling command: Say [MessageId=" + id + ']',
                        "saying hello",
                        "heard hello",
                        "[order-demo] Received event: Said [What=hello]");
        assertThat(lines).allSatisfy(line -> {
            assertThat(line.get("messageId").asString()).isEqualTo(id);
            assertThat(line.get("trace.id").asString()).matches("[0-9a-f]{32}");
            assertThat(line.get("@timestamp").asString()).isNotEmpty();
        });
    }
}
