package io.catga.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.catga.Command;
import io.catga.CommandHandler;
import io.catga.ErrorCode;
import io.catga.Event;
import io.catga.EventHandler;
import io.catga.Mediator;
import io.catga.MessageCatalog;
import io.catga.MessageContext;
import io.catga.MessageOptions;
import io.catga.MessageType;
import io.catga.Reply;
import io.catga.Result;
import io.catga.Unit;
import io.catga.nats.NatsLink;
import io.catga.redis.RedisLink;
import io.catga.store.Outbox;
import io.catga.store.StateStore;
import io.catga.store.UnitOfWork;
import io.catga.transport.EventBus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

class CatgaInMemoryAutoConfigurationTest {

    private final ApplicationContextRunner application = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    CatgaAutoConfiguration.class,
                    CatgaInMemoryAutoConfiguration.class,
                    CatgaNatsAutoConfiguration.class,
                    CatgaNatsReceiversAutoConfiguration.class,
                    CatgaRedisAutoConfiguration.class,
                    CatgaStoreAutoConfiguration.class))
            .withPropertyValues("catga.instance=test-1", "catga.in-memory=true");

    private final AtomicReference<Mediator> sender = new AtomicReference<>();

    @MessageType("test.note")
    record Note(String text) implements Command<Note> {}

    @MessageType("test.noted")
    record Noted(String text) implements Event {}

    @MessageType("test.relay")
    record Relay(String text) implements Command<String> {}

    static final class NoteHandler implements CommandHandler<Note, Note> {

        private final UnitOfWork unitOfWork;

        NoteHandler(UnitOfWork unitOfWork) {
            this.unitOfWork = unitOfWork;
        }

        @Override
        public Result<Note> handle(Note command, MessageContext context) {
            return unitOfWork.commit(context, command, step -> step, List.of(new Noted(command.text())));
        }
    }

    /** A handler that sends, with the mediator that is injected. */
    static final class RelayHandler implements CommandHandler<Relay, String> {

        private final Mediator mediator;

        RelayHandler(Mediator mediator) {
            this.mediator = mediator;
        }

        @Override
        public Result<String> handle(Relay command, MessageContext context) {
            return mediator.send(new Note(command.text())).map(Note::text);
        }
    }

    static final class NotedHandler implements EventHandler<Noted> {

        private final Queue<String> seen = new ConcurrentLinkedQueue<>();

        @Override
        public Result<Unit> handle(Noted event, MessageContext context) {
            seen.add(event.text());
            return Result.done();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Catalog {
        @Bean
        MessageCatalog catalog() {
            return MessageCatalog.of(Note.class, Noted.class, Relay.class);
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Handlers {
        @Bean
        NoteHandler noteHandler(UnitOfWork unitOfWork) {
            return new NoteHandler(unitOfWork);
        }

        @Bean
        RelayHandler relayHandler(Mediator mediator) {
            return new RelayHandler(mediator);
        }

        @Bean
        NotedHandler notedHandler() {
            return new NotedHandler();
        }
    }

    /** In one process an answer could be the very object that the handler returned; over a network it cannot. */
    @Test
    void aRequestCrossesTheNetworkAsBytes() {
        application.withUserConfiguration(Catalog.class, Handlers.class).run(context -> {
            Note note = new Note("a");

            Reply<Note> reply = context.getBean(Mediator.class).exchange(note, MessageOptions.defaults());

            assertThat(reply.handledBy()).isEqualTo("test-1");
            assertThat(reply.result().orElseThrow()).isEqualTo(note).isNotSameAs(note);
        });
    }

    @Test
    void aHandlerMaySendOverTheNetworkToo() {
        application
                .withUserConfiguration(Catalog.class, Handlers.class)
                .run(context -> assertThat(context.getBean(Mediator.class).send(new Relay("a")))
                        .isEqualTo(Result.success("a")));
    }

    @Test
    void aRepeatedCommandGetsTheRecordedResult() {
        application.withUserConfiguration(Catalog.class, Handlers.class).run(context -> {
            Mediator mediator = context.getBean(Mediator.class);
            MessageOptions key = MessageOptions.defaults().withIdempotencyKey("key");

            assertThat(mediator.exchange(new Note("a"), key).replayed()).isFalse();
            assertThat(mediator.exchange(new Note("a"), key).replayed()).isTrue();
            assertThat(mediator.send(new Note("b"), key))
                    .isInstanceOfSatisfying(
                            Result.Failure.class,
                            failure -> assertThat(failure.error().code()).isEqualTo(ErrorCode.IDEMPOTENCY_MISMATCH));
        });
    }

    @Test
    void anEventReachesItsHandlerThroughTheOutbox() {
        application.withUserConfiguration(Catalog.class, Handlers.class).run(context -> {
            context.getBean(Mediator.class).send(new Note("a"));

            NotedHandler handler = context.getBean(NotedHandler.class);
            await().untilAsserted(() -> assertThat(handler.seen).containsExactly("a"));
            await().until(() -> context.getBean(Outbox.class).backlog().size() == 0);
        });
    }

    @Test
    void healthSaysWhatWaitsInTheOutbox() {
        CompletableFuture<Void> confirmation = new CompletableFuture<>();
        application
                .withUserConfiguration(Catalog.class, Handlers.class)
                .withBean(EventBus.class, () -> _ -> confirmation)
                .run(context -> {
                    HealthIndicator outbox = context.getBean("outboxHealthIndicator", HealthIndicator.class);
                    assertThat(details(outbox)).containsEntry("size", 0L).containsEntry("age", Duration.ZERO);

                    context.getBean(Mediator.class).send(new Note("a"));

                    await().untilAsserted(() -> assertThat(details(outbox))
                            .containsEntry("size", 1L)
                            .extractingByKey("age", InstanceOfAssertFactories.DURATION)
                            .isPositive());
                    confirmation.complete(null);
                    await().untilAsserted(() -> assertThat(details(outbox)).containsEntry("size", 0L));
                });
    }

    private static Map<String, Object> details(HealthIndicator indicator) {
        Health health = Objects.requireNonNull(indicator.health());
        assertThat(health.getStatus()).isEqualTo(Status.UP);
        return health.getDetails();
    }

    /** Receivers that leave before the web server has drained, as over NATS, would fail the requests in its hand. */
    @Test
    void handlesWhatTheWebServerStillSendsWhileItDrains() {
        List<Result<Note>> answers = new ArrayList<>();

        application
                .withUserConfiguration(Catalog.class, Handlers.class)
                .withBean(
                        "draining",
                        PhasedLifecycle.class,
                        () -> new PhasedLifecycle(
                                "a web server",
                                WebServerApplicationContext.GRACEFUL_SHUTDOWN_PHASE,
                                Duration.ZERO,
                                () -> {},
                                _ -> answers.add(sender.get().send(new Note("last")))))
                .run(context -> sender.set(context.getBean(Mediator.class)));

        assertThat(answers).containsExactly(Result.success(new Note("last")));
    }

    @Test
    void doesNotStartWithoutAHandlerForNobodyElseCanHaveIt() {
        application
                .withUserConfiguration(Catalog.class)
                .run(context -> assertThat(context)
                        .getFailure()
                        .hasMessageContaining("Note has no handler")
                        .hasMessageContaining("Relay has no handler"));
    }

    @Test
    void usesNeitherNatsNorRedisWhateverIsSaidOfThem() {
        application
                .withUserConfiguration(Catalog.class, Handlers.class)
                .withPropertyValues("catga.nats.servers=nats://localhost:1", "catga.redis.node=localhost:1")
                .run(context -> assertThat(context)
                        .hasNotFailed()
                        .doesNotHaveBean(NatsLink.class)
                        .doesNotHaveBean(RedisLink.class));
    }

    @Test
    void staysAwayUntilItIsAskedFor() {
        application
                .withPropertyValues("catga.in-memory=false")
                .run(context -> assertThat(context)
                        .hasNotFailed()
                        .doesNotHaveBean(EventBus.class)
                        .doesNotHaveBean(StateStore.class)
                        .hasSingleBean(Mediator.class));
    }

    @Test
    void startsWithAMediatorOfTheApplicationsOwn() {
        application
                .withBean(Mediator.class, () -> Mediator.builder().build())
                .run(context -> assertThat(context)
                        .hasNotFailed()
                        .hasSingleBean(Mediator.class)
                        .hasSingleBean(UnitOfWork.class));
    }
}
