package io.catga;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.NotBlank;

/** Messages that the tests of the core send. */
public final class TestMessages {

    public static final MessageCatalog CATALOG =
            MessageCatalog.of(Greet.class, Forget.class, CountGreetings.class, Greeted.class);

    private TestMessages() {}

    @MessageType("test.greet")
    public record Greet(@NotBlank String name, @Max(3) int times) implements Command<String> {}

    @MessageType("test.forget")
    public record Forget(@BusinessKey String name) implements Command<Unit> {}

    @MessageType("test.count-greetings")
    public record CountGreetings() implements Query<Integer> {}

    @MessageType("test.greeted")
    public record Greeted(@BusinessKey String name) implements Event {}

    /** Answers with what a function makes of the command. */
    public static class GreetHandler implements CommandHandler<Greet, String> {
        @Override
        public Result<String> handle(Greet command, MessageContext context) {
            return Result.success("Hello " + command.name());
        }
    }

    public static class ForgetHandler implements CommandHandler<Forget, Unit> {
        @Override
        public Result<Unit> handle(Forget command, MessageContext context) {
            return Result.done();
        }
    }

    public static class CountHandler implements QueryHandler<CountGreetings, Integer> {
        @Override
        public Result<Integer> handle(CountGreetings query, MessageContext context) {
            return Result.success(1);
        }
    }

    public static class GreetedHandler implements EventHandler<Greeted> {
        @Override
        public Result<Unit> handle(Greeted event, MessageContext context) {
            return Result.done();
        }
    }

    /** A builder with a handler for everything. */
    public static MediatorBuilder complete() {
        return Mediator.builder()
                .catalog(CATALOG)
                .handler(new GreetHandler())
                .handler(new ForgetHandler())
                .handler(new CountHandler())
                .handler(new GreetedHandler());
    }
}
