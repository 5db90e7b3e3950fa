package io.catga;

import static org.assertj.core.api.Assertions.assertThat;

import io.catga.TestMessages.Greet;
import io.catga.TestMessages.Greeted;
import io.catga.codec.JacksonCodec;
import io.catga.transport.WireMessage;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What a handler can learn of how its message came. */
class PassageTest {

    private static final Instant NOW = Instant.parse("2026-11-24T12:00:00.123Z");
    private static final Instant PUBLISHED = Instant.parse("2026-11-24T12:00:00.456Z");
    private static final JacksonCodec CODEC = new JacksonCodec();

    private record Seen(
            Optional<String> sentBy,
            Optional<Instant> sentAt,
            Optional<Instant> publishedAt,
            Optional<String> traceId,
            int attempt,
            Map<String, String> headers) {

        static Seen of(MessageContext context) {
            return new Seen(
                    context.sentBy(),
                    context.sentAt(),
                    context.publishedAt(),
                    context.traceId(),
                    context.attempt(),
                    context.metadata().headers());
        }
    }

    private final List<Seen> seen = new ArrayList<>();
    private final List<WireMessage> published = new ArrayList<>();
    private final List<WireMessage> prepared = new ArrayList<>();
    private final DefaultMediator receiver = Mediator.builder()
            .catalog(TestMessages.CATALOG)
            .instance("receiver")
            .clock(Clock.fixed(NOW, ZoneOffset.UTC))
            .handler(new Noting())
            .handler(new NotingEvents())
            .handler(new TestMessages.ForgetHandler())
            .handler(new TestMessages.CountHandler())
            .build();

    private final class Noting implements CommandHandler<Greet, String> {
        @Override
        public Result<String> handle(Greet command, MessageContext context) {
            seen.add(Seen.of(context));
            prepared.add(context.prepare(new Greeted(command.name())));
            return Result.success("noted");
        }
    }

    private final class NotingEvents implements EventHandler<Greeted> {
        @Override
        public Result<Unit> handle(Greeted event, MessageContext context) {
            seen.add(Seen.of(context));
            return Result.done();
        }
    }

    private static WireMessage greet(Map<String, String> headers) {
        return new WireMessage("test.greet", "id-1", headers, CODEC.encode(new Greet("Ada", 1)));
    }

    @Test
    void whoSentARequestAndWhenTravelsWithIt() {
        Mediator sender = Mediator.builder()
                .catalog(TestMessages.CATALOG)
                .instance("sender-1 \u00fc")
                .clock(Clock.fixed(NOW, ZoneOffset.UTC))
                .requestTransport((request, _) -> receiver.onRequest(request))
                .build();
        String trace = "4bf92f3577b34da6a3ce929d0e0e4736";

        sender.send(
                new Greet("Ada", 1),
                MessageOptions.defaults().withHeader("traceparent", "00-" + trace + "-00f067aa0ba902b7-01"));

        assertThat(seen).singleElement().satisfies(one -> {
            assertThat(one.sentBy()).as("what no header can carry is replaced").contains("sender-1 ?");
            assertThat(one.sentAt()).contains(NOW);
            assertThat(one.publishedAt()).isEmpty();
            assertThat(one.traceId()).contains(trace);
            assertThat(one.attempt()).isEqualTo(1);
            assertThat(one.headers()).as("is not passed on").containsOnlyKeys("traceparent");
        });
    }

    @Test
    void anEventFromTheOutboxSaysWhoCausedItAndWhenAndWhenItWasPublished() {
        receiver.onRequest(greet(Map.of()));
        WireMessage event = prepared.getFirst();
        seen.clear();

        receiver.onEvent(
                new WireMessage(
                        event.type(),
                        event.messageId(),
                        plus(event.headers(), "Catga-Published-At", Long.toString(PUBLISHED.toEpochMilli())),
                        event.payload()),
                2,
                false);

        assertThat(seen).singleElement().satisfies(one -> {
            assertThat(one.sentBy()).contains("receiver");
            assertThat(one.sentAt()).contains(NOW);
            assertThat(one.publishedAt()).contains(PUBLISHED);
            assertThat(one.attempt()).isEqualTo(2);
        });
    }

    private static Map<String, String> plus(Map<String, String> headers, String name, String value) {
        Map<String, String> more = new HashMap<>(headers);
        more.put(name, value);
        return more;
    }

    @Test
    void theAttemptOfARequestIsItsSenders() {
        receiver.onRequest(greet(Map.of("Catga-Attempt", "3")));

        assertThat(seen).extracting(Seen::attempt).containsExactly(3);
    }

    @Test
    void aMessageOfAnOlderVersionIsHandledWithoutIt() {
        receiver.onRequest(greet(Map.of("traceparent", "nonsense")));

        assertThat(seen)
                .containsExactly(new Seen(
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        1,
                        Map.of("traceparent", "nonsense")));
    }

    /** Nothing is decided by it, so nothing is refused for it. */
    @Test
    void whatIsUnreadableIsLeftOut() {
        receiver.onRequest(greet(Map.of("Catga-Sent-At", "noon", "Catga-Attempt", "-", "Catga-Published-At", "")));

        assertThat(seen).singleElement().satisfies(one -> {
            assertThat(one.sentAt()).isEmpty();
            assertThat(one.publishedAt()).isEmpty();
            assertThat(one.attempt()).isEqualTo(1);
        });
    }

    private CompletableFuture<Void> take(WireMessage event) {
        published.add(event);
        return CompletableFuture.completedFuture(null);
    }

    @Test
    void aPublishedEventSaysWhoSentIt() {
        Mediator publisher = TestMessages.complete()
                .instance("publisher")
                .clock(Clock.fixed(NOW, ZoneOffset.UTC))
                .eventBus(this::take)
                .build();

        publisher.publish(new Greeted("Ada"));

        assertThat(published)
                .singleElement()
                .satisfies(event -> assertThat(event.headers())
                        .containsEntry("Catga-Sent-By", "publisher")
                        .containsEntry("Catga-Sent-At", Long.toString(NOW.toEpochMilli())));
    }
}
