package io.catga.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.catga.Command;
import io.catga.CommandHandler;
import io.catga.Mediator;
import io.catga.MessageCatalog;
import io.catga.MessageContext;
import io.catga.MessageType;
import io.catga.Result;
import io.catga.nats.NatsEventReceiver;
import io.catga.nats.NatsLink;
import io.catga.nats.NatsRequestReceiver;
import io.catga.nats.NatsRequestTransport;
import io.catga.redis.RedisLink;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

class CatgaAutoConfigurationTest {

    private final ApplicationContextRunner application = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(CatgaAutoConfiguration.class))
            .withPropertyValues("catga.instance=test-1");

    @MessageType("test.ping")
    record Ping() implements Command<String> {}

    @MessageType("test.outer")
    record Outer() implements Command<String> {}

    static final class PingHandler implements CommandHandler<Ping, String> {
        @Override
        public Result<String> handle(Ping command, MessageContext context) {
            return Result.success("pong");
        }
    }

    /** A handler that itself needs the mediator. */
    static final class OuterHandler implements CommandHandler<Outer, String> {

        private final Mediator mediator;

        OuterHandler(Mediator mediator) {
            this.mediator = mediator;
        }

        @Override
        public Result<String> handle(Outer command, MessageContext context) {
            return mediator.send(new Ping());
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Catalog {
        @Bean
        MessageCatalog catalog() {
            return MessageCatalog.of(Ping.class, Outer.class);
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Handlers {
        @Bean
        PingHandler pingHandler() {
            return new PingHandler();
        }

        @Bean
        OuterHandler outerHandler(Mediator mediator) {
            return new OuterHandler(mediator);
        }
    }

    @Test
    void findsTheHandlersAlsoOneThatSendsItself() {
        application
                .withUserConfiguration(Catalog.class, Handlers.class)
                .run(context -> assertThat(context.getBean(Mediator.class).send(new Outer()))
                        .isEqualTo(Result.success("pong")));
    }

    @Test
    void doesNotStartWithoutAHandler() {
        application
                .withUserConfiguration(Catalog.class)
                .run(context -> assertThat(context)
                        .getFailure()
                        .hasMessageContaining("Ping has no handler")
                        .hasMessageContaining("Outer has no handler"));
    }

    @Test
    void doesNotStartWithASettingThatNobodyKnows() {
        application
                .withUserConfiguration(Catalog.class, Handlers.class)
                .withPropertyValues("catga.tiemout=3s")
                .run(context -> assertThat(context).getFailure().rootCause().hasMessageContaining("catga.tiemout"));
    }

    /** Only one text with commas was seen; with a list the application started, and took no messages. */
    @ParameterizedTest
    @ValueSource(strings = {"catga.nats.servers=nats://localhost:1", "catga.nats.servers[0]=nats://localhost:1"})
    void talksToNatsHoweverItsServersAreWritten(String servers) {
        application
                .withConfiguration(AutoConfigurations.of(
                        CatgaNatsAutoConfiguration.class, CatgaNatsReceiversAutoConfiguration.class))
                .withUserConfiguration(Catalog.class, Handlers.class)
                .withPropertyValues(servers)
                .run(context -> assertThat(context)
                        .hasNotFailed()
                        .hasSingleBean(NatsRequestReceiver.class)
                        .hasSingleBean(NatsEventReceiver.class)
                        .getBean("natsHealthIndicator", HealthCheck.class)
                        .satisfies(check -> assertThat(check.health()).isNotNull()));
    }

    @Test
    void talksToNobodyWhereNothingIsSaid() {
        application
                .withConfiguration(AutoConfigurations.of(
                        CatgaNatsAutoConfiguration.class,
                        CatgaNatsReceiversAutoConfiguration.class,
                        CatgaRedisAutoConfiguration.class))
                .withUserConfiguration(Catalog.class, Handlers.class)
                .withPropertyValues("catga.nats.servers=")
                .run(context -> assertThat(context)
                        .hasNotFailed()
                        .doesNotHaveBean(NatsLink.class)
                        .doesNotHaveBean(RedisLink.class));
    }

    @Test
    void startsWithAMediatorOfTheApplicationsOwn() {
        application
                .withConfiguration(AutoConfigurations.of(
                        CatgaNatsAutoConfiguration.class, CatgaNatsReceiversAutoConfiguration.class))
                .withBean(Mediator.class, () -> Mediator.builder().build())
                .withPropertyValues("catga.nats.servers=nats://localhost:1")
                .run(context -> assertThat(context).hasNotFailed().hasSingleBean(NatsRequestTransport.class));
    }

    @Test
    void takesTheNameOfTheInstanceFromTheSettings() {
        application
                .withUserConfiguration(Catalog.class, Handlers.class)
                .run(context ->
                        assertThat(context.getBean(CatgaInstance.class).name()).isEqualTo("test-1"));
    }
}
