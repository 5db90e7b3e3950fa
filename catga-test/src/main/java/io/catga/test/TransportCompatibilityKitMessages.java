package io.catga.test;

import io.catga.Command;
import io.catga.CommandHandler;
import io.catga.Event;
import io.catga.EventHandler;
import io.catga.MessageCatalog;
import io.catga.MessageContext;
import io.catga.MessageType;
import io.catga.Query;
import io.catga.QueryHandler;
import io.catga.Result;
import io.catga.Unit;
import java.util.function.BiFunction;

/** What the transport kit sends, and handlers that do what a test tells them. */
final class TransportCompatibilityKitMessages {

    static final MessageCatalog CATALOG = MessageCatalog.of(Echo.class, Relay.class, Length.class, Happened.class);

    private TransportCompatibilityKitMessages() {}

    @MessageType("kit.echo")
    record Echo(String text) implements Command<String> {}

    /** Its handler sends an {@link Echo} in turn. */
    @MessageType("kit.relay")
    record Relay(String text) implements Command<String> {}

    @MessageType("kit.length")
    record Length(String text) implements Query<Integer> {}

    @MessageType("kit.happened")
    record Happened(String what) implements Event {}

    record EchoHandler(BiFunction<Echo, MessageContext, Result<String>> answer)
            implements CommandHandler<Echo, String> {
        @Override
        public Result<String> handle(Echo command, MessageContext context) {
            return answer.apply(command, context);
        }
    }

    record RelayHandler(BiFunction<Relay, MessageContext, Result<String>> answer)
            implements CommandHandler<Relay, String> {
        @Override
        public Result<String> handle(Relay command, MessageContext context) {
            return answer.apply(command, context);
        }
    }

    record LengthHandler() implements QueryHandler<Length, Integer> {
        @Override
        public Result<Integer> handle(Length query, MessageContext context) {
            return Result.success(query.text().length());
        }
    }

    record HappenedHandler(BiFunction<Happened, MessageContext, Result<Unit>> reaction)
            implements EventHandler<Happened> {
        @Override
        public Result<Unit> handle(Happened event, MessageContext context) {
            return reaction.apply(event, context);
        }
    }
}
