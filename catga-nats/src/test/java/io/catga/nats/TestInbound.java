package io.catga.nats;

import static org.awaitility.Awaitility.await;

import io.catga.CatgaError;
import io.catga.transport.Delivery;
import io.catga.transport.InboundMessages;
import io.catga.transport.WireMessage;
import io.catga.transport.WireReply;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;

/** A receiver without a mediator, of either the request type or the event type {@code test.message}. */
final class TestInbound implements InboundMessages {

    static final String TYPE = "test.message";

    private final Set<String> requestTypes;
    private final Set<String> eventTypes;
    private final UnaryOperator<String> answer;
    private final BiFunction<String, Integer, Delivery> reaction;

    private TestInbound(
            Set<String> requestTypes,
            Set<String> eventTypes,
            UnaryOperator<String> answer,
            BiFunction<String, Integer, Delivery> reaction) {
        this.requestTypes = requestTypes;
        this.eventTypes = eventTypes;
        this.answer = answer;
        this.reaction = reaction;
    }

    static TestInbound answering(UnaryOperator<String> answer) {
        return new TestInbound(Set.of(TYPE), Set.of(), answer, (_, _) -> new Delivery.Handled());
    }

    /** Reacts to the text of an event and the number of the attempt. */
    static TestInbound reacting(BiFunction<String, Integer, Delivery> reaction) {
        return new TestInbound(Set.of(), Set.of(TYPE), UnaryOperator.identity(), reaction);
    }

    static WireMessage message(String id, String text) {
        return new WireMessage(TYPE, id, Map.of(), text.getBytes(StandardCharsets.UTF_8));
    }

    static String text(byte[] payload) {
        return new String(payload, StandardCharsets.UTF_8);
    }

    /** Stands for work that takes its time. */
    static void work(Duration time) {
        await().pollDelay(time).until(() -> true);
    }

    @Override
    public Set<String> requestTypes() {
        return requestTypes;
    }

    @Override
    public Set<String> eventTypes() {
        return eventTypes;
    }

    @Override
    public WireReply onRequest(WireMessage request) {
        return reply("success", answer.apply(text(request.payload())));
    }

    @Override
    public WireReply refuse(WireMessage request) {
        return reply("refused", request.messageId());
    }

    @Override
    public WireReply reject(WireMessage request, CatgaError error) {
        return reply(error.code().name(), error.message());
    }

    private static WireReply reply(String outcome, String text) {
        return new WireReply(Map.of("Outcome", outcome), text.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public Delivery onEvent(WireMessage event, int attempt, boolean lastAttempt) {
        return reaction.apply(text(event.payload()), attempt);
    }
}
