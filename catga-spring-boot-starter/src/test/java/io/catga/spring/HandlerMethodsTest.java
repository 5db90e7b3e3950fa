package io.catga.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.catga.CatgaConfigurationException;
import io.catga.Command;
import io.catga.Event;
import io.catga.Handler;
import io.catga.Mediator;
import io.catga.MessageCatalog;
import io.catga.MessageContext;
import io.catga.MessageType;
import io.catga.Query;
import io.catga.Result;
import io.catga.codec.JsonUpcaster;
import io.catga.codec.Upcaster;
import io.catga.transport.InboundMessages;
import io.catga.transport.WireMessage;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.aopalliance.intercept.MethodInterceptor;
import org.junit.jupiter.api.Test;
import org.springframework.aop.framework.autoproxy.BeanNameAutoProxyCreator;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;

class HandlerMethodsTest {

    private final ApplicationContextRunner application = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(CatgaAutoConfiguration.class))
            .withBean(MessageCatalog.class, () -> MessageCatalog.of(Open.class, Count.class, Opened.class))
            .withPropertyValues("catga.instance=test-1");

    @MessageType("test.open")
    record Open(String door) implements Command<String> {}

    @MessageType("test.count")
    record Count() implements Query<Integer> {}

    @MessageType(value = "test.opened", version = 2)
    record Opened(String door) implements Event {}

    /** Neither the class nor its methods are public. */
    static class Doors {

        private final Mediator mediator;
        private final List<String> opened = new ArrayList<>();

        Doors(Mediator mediator) {
            this.mediator = mediator;
        }

        @Handler
        Result<String> open(Open command, MessageContext context) {
            mediator.publish(new Opened(command.door()));
            return Result.success(command.door() + " is open");
        }

        @Handler
        int count(Count query) {
            return opened.size();
        }

        @Handler
        void note(Opened event) {
            opened.add(event.door());
        }
    }

    static final class Advice {

        private final List<String> called = new ArrayList<>();

        MethodInterceptor interceptor() {
            return call -> {
                called.add(call.getMethod().getName());
                return call.proceed();
            };
        }
    }

    /** Puts a proxy in front of every bean whose name begins with "advised". */
    @Configuration(proxyBeanMethods = false)
    static class Advised {

        @Bean
        static Advice advice() {
            return new Advice();
        }

        @Bean
        static MethodInterceptor interceptor(Advice advice) {
            return advice.interceptor();
        }

        @Bean
        static BeanNameAutoProxyCreator proxies() {
            BeanNameAutoProxyCreator creator = new BeanNameAutoProxyCreator();
            creator.setBeanNames("advised*");
            creator.setInterceptorNames("interceptor");
            return creator;
        }
    }

    private static void assertHandlesEverything(Mediator mediator) {
        assertThat(mediator.send(new Open("front"))).isEqualTo(Result.success("front is open"));
        assertThat(mediator.send(new Count())).isEqualTo(Result.success(1));
    }

    @Test
    void findsTheMarkedMethodsOfABean() {
        application.withBean(Doors.class).run(context -> assertHandlesEverything(context.getBean(Mediator.class)));
    }

    @Test
    void callsThemThroughTheAdviceOfTheBean() {
        application
                .withUserConfiguration(Advised.class)
                .withBean("advisedDoors", Doors.class)
                .run(context -> {
                    assertHandlesEverything(context.getBean(Mediator.class));
                    assertThat(context.getBean(Advice.class).called).containsExactly("open", "note", "count");
                });
    }

    interface Doorkeeper {
        String open(Open command);

        int count(Count query);
    }

    static final class Porter implements Doorkeeper {
        @Override
        @Handler
        public String open(Open command) {
            return command.door() + " is open";
        }

        @Override
        @Handler
        public int count(Count query) {
            return 1;
        }
    }

    @Test
    void callsThemThroughAProxyThatHasOnlyTheInterface() {
        application
                .withUserConfiguration(Advised.class)
                .withBean("advisedPorter", Porter.class)
                .run(context -> {
                    assertThat(context).doesNotHaveBean(Porter.class);
                    assertHandlesEverything(context.getBean(Mediator.class));
                    assertThat(context.getBean(Advice.class).called).containsExactly("open", "count");
                });
    }

    static class Hidden {
        @Handler
        private String open(Open command) {
            return command.door();
        }
    }

    static class Wrong {
        @Handler
        int count(Count query, String text) {
            return 1;
        }

        @Handler
        int open(Open command) {
            return 1;
        }
    }

    @Test
    void doesNotStartWithMethodsThatAreNoHandlersAndNamesThemAll() {
        application
                .withUserConfiguration(Advised.class)
                .withBean("advisedHidden", Hidden.class)
                .withBean(Wrong.class)
                .run(context -> assertThat(context)
                        .getFailure()
                        .isInstanceOfSatisfying(
                                CatgaConfigurationException.class,
                                e -> assertThat(e.findings())
                                        .anySatisfy(finding -> assertThat(finding)
                                                .contains("Hidden.open cannot be called through the proxy"))
                                        .anySatisfy(finding -> assertThat(finding)
                                                .contains("Wrong.count(Count, String) takes too much"))
                                        .anySatisfy(
                                                finding -> assertThat(finding).contains("Wrong.open(Open) returns int"))
                                        .hasSize(3)));
    }

    @Configuration(proxyBeanMethods = false)
    static class LazyBeans {

        @Bean
        @Lazy
        Doors doors(Mediator mediator) {
            return new Doors(mediator);
        }

        @Bean
        @Lazy
        Object unused() {
            throw new IllegalStateException("nobody has asked for it");
        }
    }

    @Test
    void makesOfLazyBeansOnlyThoseThatHandleSomething() {
        application
                .withUserConfiguration(LazyBeans.class)
                .run(context -> assertHandlesEverything(context.getBean(Mediator.class)));
    }

    @Test
    void readsOlderMessagesThroughTheUpcastersThatAreBeans() {
        application
                .withBean(Doors.class)
                .withBean(
                        Upcaster.class,
                        () -> new JsonUpcaster("test.opened", 1, event -> event.set("door", event.remove("gate"))))
                .run(context -> {
                    byte[] older = "{\"gate\":\"front\"}".getBytes(StandardCharsets.UTF_8);

                    context.getBean(InboundMessages.class)
                            .onEvent(
                                    new WireMessage("test.opened", "id-1", Map.of("Catga-Version", "1"), older),
                                    1,
                                    false);

                    assertThat(context.getBean(Doors.class).opened).containsExactly("front");
                });
    }
}
