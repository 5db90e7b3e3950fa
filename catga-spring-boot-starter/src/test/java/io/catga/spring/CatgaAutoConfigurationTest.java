package io.catga.spring;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.catga.Command;
import io.catga.CommandHandler;
import io.catga.Idempotent;
import io.catga.Mediator;
import io.catga.MessageCatalog;
import io.catga.MessageContext;
import io.catga.MessageType;
import io.catga.Result;
import io.catga.nats.NatsEventOptions;
import io.catga.nats.NatsEventReceiver;
import io.catga.nats.NatsLink;
import io.catga.nats.NatsRequestReceiver;
import io.catga.nats.NatsRequestTransport;
import io.catga.pipeline.Placement;
import io.catga.pipeline.Stage;
import io.catga.redis.RedisLink;
import io.catga.store.InMemoryStateStore;
import io.catga.store.StateStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

class CatgaAutoConfigurationTest {

    private final ApplicationContextRunner application = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(CatgaAutoConfiguration.class))
            .withPropertyValues("catga.instance=test-1", "management.endpoints.web.exposure.include=catga");

    @Idempotent
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
        StateStore store() {
            return new InMemoryStateStore(Clock.systemUTC(), Duration.ofSeconds(30));
        }

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
    void keepsItsEventsAtItsSite() {
        application
                .withConfiguration(AutoConfigurations.of(
                        CatgaNatsAutoConfiguration.class, CatgaNatsReceiversAutoConfiguration.class))
                .withUserConfiguration(Catalog.class, Handlers.class)
                .withPropertyValues(
                        "catga.nats.servers=nats://localhost:1",
                        "catga.nats.site=dc1",
                        "catga.nats.other-sites=dc2,dc3")
                .run(context -> assertThat(
                                context.getBean(NatsLink.class).options().events())
                        .returns("CATGA_EVENTS_dc1", NatsEventOptions::stream)
                        .extracting(events -> events.site().origins())
                        .asInstanceOf(InstanceOfAssertFactories.list(NatsEventOptions.Origin.class))
                        .extracting(NatsEventOptions.Origin::subjectPrefix)
                        .containsExactly("catga.dc2", "catga.dc3"));
    }

    @Test
    void doesNotStartWithOtherSitesAndNoneOfItsOwn() {
        application
                .withUserConfiguration(Catalog.class, Handlers.class)
                .withPropertyValues("catga.nats.other-sites=dc2")
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .hasMessageContaining("catga.nats.site is missing"));
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

    /** Each setting, by what it changes in the description of the pipeline. */
    @ParameterizedTest
    @CsvSource({
        "catga.rate-limit.permits=5, RateLimit, permits, 5",
        "catga.rate-limit.period=7s, '', '', ''",
        "catga.concurrency-limit.max-concurrent=5, ConcurrencyLimit, max-concurrent, 5",
        "catga.circuit-breaker.failure-rate=30, CircuitBreaker, failure-rate, 30 %",
        "catga.circuit-breaker.window=30, CircuitBreaker, window, 30",
        "catga.circuit-breaker.minimum-calls=3, CircuitBreaker, minimum-calls, 3",
        "catga.circuit-breaker.open-for=3s, CircuitBreaker, open-for, PT3S",
        "catga.circuit-breaker.trials=3, CircuitBreaker, trials, 3",
        "catga.circuit-breaker.codes=INTERNAL, CircuitBreaker, codes, [INTERNAL]",
        "catga.retry.max-attempts=4, Retry, max-attempts, 4",
        "catga.retry.first=10ms, Retry, first, PT0.01S",
        "catga.retry.multiplier=3, Retry, multiplier, 3.0",
        "catga.retry.max=4s, Retry, max, PT4S",
        "catga.idempotency.lease=4s, Idempotency, lease, PT4S",
        "catga.idempotency.max-result=1KB, Idempotency, max-result, 1024 bytes",
        "catga.retention=1h, Idempotency, retention, PT1H",
    })
    void everySettingReachesThePipeline(String setting, String behavior, String name, String value) {
        application
                .withUserConfiguration(Catalog.class, Handlers.class)
                .withPropertyValues(setting)
                .run(context -> {
                    List<Map<String, Object>> pipeline = pipeline(context.getBean(CatgaEndpoint.class), "test.ping");
                    if (behavior.isEmpty()) {
                        assertThat(pipeline).extracting("behavior").doesNotContain("RateLimit");
                    } else {
                        assertThat(pipeline)
                                .filteredOn("behavior", behavior)
                                .extracting("settings")
                                .singleElement(InstanceOfAssertFactories.MAP)
                                .containsEntry(name, value);
                    }
                });
    }

    @Test
    void theEndpointShowsMessagesHandlersAndBehaviorsInOrder() {
        application
                .withUserConfiguration(Catalog.class, Handlers.class)
                .withPropertyValues("catga.rate-limit.permits=5")
                .run(context -> {
                    CatgaEndpoint endpoint = context.getBean(CatgaEndpoint.class);

                    assertThat(message(endpoint, "test.ping"))
                            .containsEntry("kind", "command")
                            .containsEntry("handlers", List.of(PingHandler.class.getName()));
                    assertThat(pipeline(endpoint, "test.ping"))
                            .extracting("behavior")
                            .containsExactly(
                                    "Logging",
                                    "Deadline",
                                    "Idempotency",
                                    "RateLimit",
                                    "ConcurrencyLimit",
                                    "CircuitBreaker",
                                    "Retry");
                });
    }

    @ParameterizedTest
    @EnumSource(
            value = Stage.class,
            names = {"LOGGING", "DEADLINE", "IDEMPOTENCY", "CONCURRENCY_LIMIT", "CIRCUIT_BREAKER", "RETRY"})
    void anyBehaviorCanBeLeftOut(Stage stage) {
        application
                .withUserConfiguration(Catalog.class, Handlers.class)
                .withPropertyValues("catga.without=" + stage.name().toLowerCase(Locale.ROOT))
                .run(context -> assertThat(pipeline(context.getBean(CatgaEndpoint.class), "test.ping"))
                        .hasSize(5)
                        .extracting("place")
                        .doesNotContain(Placement.at(stage).toString()));
    }

    /** With every default of the documentation set, the application is as without any of them. */
    @Test
    void theDefaultsAreThoseOfTheDocumentation() throws IOException {
        String[] defaults = Pattern.compile("\\| `(catga[^`]+)` \\| `([^`]+)` \\|")
                .matcher(Files.readString(Path.of("../docs/pipeline.md")))
                .results()
                .map(row -> row.group(1) + "=" + row.group(2))
                .toArray(String[]::new);
        assertThat(defaults).hasSizeGreaterThan(15);
        ApplicationContextRunner complete = application.withUserConfiguration(Catalog.class, Handlers.class);
        List<Map<String, Object>> described = new ArrayList<>();

        complete.run(
                context -> described.add(context.getBean(CatgaEndpoint.class).describe()));
        complete.withPropertyValues(defaults)
                .run(context ->
                        described.add(context.getBean(CatgaEndpoint.class).describe()));

        assertThat(described.getLast()).isEqualTo(described.getFirst());
    }

    private static Map<String, Object> message(CatgaEndpoint endpoint, String type) {
        return inside(inside(inside(endpoint.describe(), "catgaMediator"), "messages"), type);
    }

    @SuppressWarnings("unchecked")
    private static List<Map<String, Object>> pipeline(CatgaEndpoint endpoint, String type) {
        return (List<Map<String, Object>>)
                requireNonNull(message(endpoint, type).get("handling"));
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> inside(Map<String, Object> map, String name) {
        return (Map<String, Object>) requireNonNull(map.get(name));
    }
}
