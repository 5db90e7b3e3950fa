package io.catga.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.catga.Event;
import io.catga.EventHandler;
import io.catga.MessageCatalog;
import io.catga.MessageContext;
import io.catga.MessageType;
import io.catga.Result;
import io.catga.Unit;
import io.catga.transport.DeadLetters;
import io.catga.transport.InMemoryNetwork;
import io.catga.transport.InboundMessages;
import io.catga.transport.WireMessage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The endpoint as an operator has it: over HTTP, on the dead letters of a network in memory. */
class DeadLettersEndpointTest {

    private static final Duration SOON = Duration.ofSeconds(10);
    private static final JsonMapper JSON = new JsonMapper();

    @MessageType("test.happened")
    record Happened(String what) implements Event {}

    /** Fails while it is broken. */
    static final class Handler implements EventHandler<Happened> {

        private final Queue<String> handled = new ConcurrentLinkedQueue<>();
        private volatile boolean broken = true;

        @Override
        public Result<Unit> handle(Happened event, MessageContext context) {
            if (broken) {
                throw new IllegalStateException("broken");
            }
            handled.add(event.what());
            return Result.done();
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {

        @Bean
        InMemoryNetwork network() {
            return new InMemoryNetwork(Clock.systemUTC(), 1, Duration.ofMillis(10));
        }

        @Bean
        DeadLetters deadLetters(InMemoryNetwork network) {
            return network.deadLetters();
        }

        @Bean
        MessageCatalog catalog() {
            return MessageCatalog.of(Happened.class);
        }

        @Bean
        Handler handler() {
            return new Handler();
        }

        @Bean
        AutoCloseable membership(InMemoryNetwork network, InboundMessages inbound) {
            return network.join("consumer-1", inbound);
        }
    }

    /** What a test has of a running application. */
    private record Running(ServletWebServerApplicationContext context) {

        private record Answer(int status, JsonNode body) {}

        Handler handler() {
            return context.getBean(Handler.class);
        }

        DeadLetters letters() {
            return context.getBean(DeadLetters.class);
        }

        void giveUp(String what) {
            long before = letters().stats().count();
            InMemoryNetwork network = context.getBean(InMemoryNetwork.class);
            network.events()
                    .publish(new WireMessage(
                            "test.happened",
                            "id-" + what,
                            Map.of("Tenant", "t"),
                            "{\"what\":\"%s\"}".formatted(what).getBytes(StandardCharsets.UTF_8)))
                    .join();
            await().atMost(SOON).until(() -> letters().stats().count() == before + 1);
        }

        Answer ask(String method, String path) {
            int port = Objects.requireNonNull(context.getWebServer()).getPort();
            URI uri = URI.create("http://localhost:%d/actuator/catgadeadletters%s".formatted(port, path));
            try (HttpClient client = HttpClient.newHttpClient()) {
                HttpResponse<String> answer = client.send(
                        HttpRequest.newBuilder(uri)
                                .header("Content-Type", "application/json")
                                .method(method, HttpRequest.BodyPublishers.noBody())
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
                String body = answer.body();
                return new Answer(answer.statusCode(), JSON.readTree(body.isEmpty() ? "{}" : body));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private static void run(Consumer<Running> test, String... properties) {
        SpringApplication application = new SpringApplication(Application.class);
        application.setDefaultProperties(Map.of(
                "server.port", "0",
                "catga.instance", "test-1",
                "management.tracing.export.otlp.enabled", "false",
                "management.endpoints.web.exposure.include", "health,catgadeadletters,prometheus"));
        try (var context = (ServletWebServerApplicationContext) application.run(properties)) {
            test.accept(new Running(context));
        }
    }

    @Test
    void listsLettersWithWhatAnOperatorAsksFirst() {
        run(application -> {
            application.giveUp("a");
            application.giveUp("b");

            Running.Answer answer = application.ask("GET", "?limit=1&code=internal&type=test.happened&olderThan=0s");

            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.body().get("count").asInt()).isEqualTo(2);
            assertThat(answer.body().get("oldest").asString()).startsWith("20");
            assertThat(answer.body().get("next").asString()).isEqualTo("1");
            JsonNode letter = answer.body().get("letters").get(0);
            assertThat(letter.get("id").asString()).isEqualTo("1");
            assertThat(letter.get("consumer").asString()).isEqualTo("consumer-1");
            assertThat(letter.get("messageId").asString()).isEqualTo("id-a");
            assertThat(letter.get("code").asString()).isEqualTo("INTERNAL");
            assertThat(letter.get("attempts").asInt()).isEqualTo(1);
            JsonNode rest = application.ask("GET", "?after=1").body();
            assertThat(rest.get("letters").get(0).get("messageId").asString()).isEqualTo("id-b");
            assertThat(rest.get("next").isNull()).isTrue();
        });
    }

    @Test
    void showsOneWithItsHeadersAndItsPayload() {
        run(application -> {
            application.giveUp("ä");

            JsonNode body = application.ask("GET", "/1").body();

            assertThat(body.get("headers").get("Tenant").asString()).isEqualTo("t");
            assertThat(body.get("encoding").asString()).isEqualTo("utf-8");
            assertThat(body.get("payload").asString()).isEqualTo("{\"what\":\"ä\"}");
            assertThat(application.ask("GET", "/7").status()).isEqualTo(404);
            assertThat(application.ask("GET", "/7").body().get("code").asString())
                    .isEqualTo("NOT_FOUND");
        });
    }

    @Test
    void replaysOneSomeOrAll() {
        run(application -> {
            application.giveUp("a");
            application.giveUp("b");
            application.giveUp("c");
            application.handler().broken = false;

            assertThat(application.ask("POST", "/1").body().get("replayed").asInt())
                    .isEqualTo(1);
            assertThat(application.ask("POST", "/1").status()).isEqualTo(404);
            assertThat(application
                            .ask("POST", "?type=test.other")
                            .body()
                            .get("replayed")
                            .asInt())
                    .isZero();
            assertThat(application
                            .ask("POST", "?all=true")
                            .body()
                            .get("replayed")
                            .asInt())
                    .isEqualTo(2);

            await().atMost(SOON)
                    .untilAsserted(
                            () -> assertThat(application.handler().handled).containsExactly("a", "b", "c"));
        });
    }

    @Test
    void purgesOneSomeOrAll() {
        run(application -> {
            application.giveUp("a");
            application.giveUp("b");

            assertThat(application.ask("DELETE", "/1").body().get("purged").asInt())
                    .isEqualTo(1);
            assertThat(application
                            .ask("DELETE", "?olderThan=1h")
                            .body()
                            .get("purged")
                            .asInt())
                    .isZero();
            assertThat(application
                            .ask("DELETE", "?all=true")
                            .body()
                            .get("purged")
                            .asInt())
                    .isEqualTo(1);
            assertThat(application.letters().stats().count()).isZero();
        });
    }

    /** With "typ" for "type", everything would have been purged. */
    @Test
    void doesNothingToAllWithoutBeingToldSo() {
        run(application -> {
            application.giveUp("a");

            for (String method : new String[] {"POST", "DELETE"}) {
                for (String query : new String[] {"", "?typ=test.other", "?all=false", "?all=true&code=INTERNAL"}) {
                    assertThat(application.ask(method, query).status())
                            .as(method + query)
                            .isEqualTo(400);
                }
            }
            assertThat(application.ask("GET", "?limit=0").body().get("message").asString())
                    .contains("limit must be 1 to 1000, but was 0");
            assertThat(application.ask("GET", "?code=NONSENSE").status()).isEqualTo(400);
            assertThat(application.letters().stats().count()).isEqualTo(1);
        });
    }

    @Test
    void canBeRestrictedToReading() {
        run(
                application -> {
                    application.giveUp("a");

                    assertThat(application.ask("GET", "").status()).isEqualTo(200);
                    assertThat(application.ask("DELETE", "?all=true").status()).isEqualTo(405);
                    assertThat(application.ask("POST", "?all=true").status()).isEqualTo(405);
                    assertThat(application.letters().stats().count()).isEqualTo(1);
                },
                "--management.endpoint.catgadeadletters.access=read-only");
    }

    @Test
    void isNotThereUnlessItIsExposed() {
        run(
                application -> assertThat(application.ask("GET", "").status()).isEqualTo(404),
                "--management.endpoints.web.exposure.include=health");
    }
}
