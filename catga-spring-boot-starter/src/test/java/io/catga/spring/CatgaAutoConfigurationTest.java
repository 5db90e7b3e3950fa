package io.catga.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.catga.Command;
import io.catga.CommandHandler;
import io.catga.Mediator;
import io.catga.MessageCatalog;
import io.catga.MessageContext;
import io.catga.MessageType;
import io.catga.Result;
import org.junit.jupiter.api.Test;
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

    @Test
    void takesTheNameOfTheInstanceFromTheSettings() {
        application
                .withUserConfiguration(Catalog.class, Handlers.class)
                .run(context ->
                        assertThat(context.getBean(CatgaInstance.class).name()).isEqualTo("test-1"));
    }
}
