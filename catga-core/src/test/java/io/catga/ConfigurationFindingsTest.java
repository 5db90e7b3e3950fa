package io.catga;

import static io.catga.TestMessages.CATALOG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.catga.TestMessages.CountHandler;
import io.catga.TestMessages.ForgetHandler;
import io.catga.TestMessages.Greet;
import io.catga.TestMessages.GreetHandler;
import io.catga.TestMessages.Greeted;
import io.catga.codec.JsonUpcaster;
import io.catga.codec.Upcaster;
import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassSignature;
import java.lang.classfile.attribute.SignatureAttribute;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What is wrong with messages and handlers is known before the first message, all of it, with the way out. */
class ConfigurationFindingsTest {

    private static final EventHandler<Greeted> LAMBDA = (event, context) -> Result.done();

    private static MediatorBuilder complete() {
        return TestMessages.complete();
    }

    private static MediatorBuilder completeBut(Class<?> without) {
        MediatorBuilder builder = Mediator.builder().catalog(CATALOG);
        Stream.of(new GreetHandler(), new ForgetHandler(), new CountHandler())
                .filter(handler -> handler.getClass() != without)
                .forEach(builder::handler);
        return builder;
    }

    private static MediatorBuilder completeWith(Class<? extends Message> type) {
        return complete().catalog(MessageCatalog.of(type));
    }

    private static List<String> findings(MediatorBuilder builder) {
        try {
            builder.build();
            return List.of();
        } catch (CatgaConfigurationException e) {
            assertThat(e).hasMessageContainingAll(e.findings().toArray(CharSequence[]::new));
            return e.findings();
        }
    }

    /** The kind of mistake, a builder with it, and what its one finding says: the names, and the way out. */
    static Stream<Arguments> mistakes() throws Exception {
        return Stream.concat(handlerMistakes(), Stream.concat(messageMistakes(), upcasterMistakes()));
    }

    private static Stream<Arguments> handlerMistakes() throws Exception {
        return Stream.of(
                arguments(
                        "no handler",
                        completeBut(CountHandler.class),
                        says("CountGreetings has no handler", "transport")),
                arguments(
                        "two handlers",
                        complete().handler(new GreetHandler()),
                        says("Greet has two handlers", "remove one")),
                arguments(
                        "two handlers of two forms",
                        complete().handler(Greet.class, (greet, context) -> Result.success("Hi")),
                        says("Greet has two handlers", "GreetHandler", "$$Lambda")),
                arguments(
                        "a handler for what nobody can send",
                        complete().handler(new StrayHandler()),
                        says("StrayHandler", "Stray", "in no catalogue", "add it to a MessageCatalog")),
                arguments(
                        "a lambda without a type",
                        complete().handler(LAMBDA),
                        says("is a lambda", "handler(CreateOrder.class")),
                arguments(
                        "a handler that leaves its type open",
                        complete().handler(new Open<Greeted>()),
                        says("Open", "does not say which message", "EventHandler")),
                arguments(
                        "a proxy of interfaces",
                        complete().handler(proxied()),
                        says("is a proxy of interfaces", "proxy of the class")),
                arguments(
                        "a handler under the type of another",
                        misregistered(),
                        says("ForgetHandler was added for", "Greet", "Forget")),
                arguments(
                        "a handler for another kind of message",
                        misunderstood(),
                        says("Lambda", "handles Greet as an event", "compile it anew")),
                arguments(
                        "an answer of another type",
                        completeBut(CountHandler.class).handler(countingInWords()),
                        says("CountHandler", "answers CountGreetings with java.lang.String", "java.lang.Integer")),
                arguments(
                        "an object without a handler",
                        complete().handlerMethods("no handler"),
                        says("java.lang.String has no method", "@Handler")),
                arguments(
                        "what somebody else has found",
                        complete().finding("the moon is full; wait"),
                        says("the moon")));
    }

    private static Stream<Arguments> messageMistakes() {
        return Stream.of(
                arguments("no name", completeWith(Nameless.class), says("Nameless", "annotate it", "@MessageType")),
                arguments("a wrong name", completeWith(Misnamed.class), says("'Wrong Name'", "lower-case")),
                arguments("a wrong version", completeWith(Unborn.class), says("Unborn has version 0", "1 or more")),
                arguments(
                        "the name of another",
                        completeWith(SameName.class),
                        says("both named 'test.greet'", "another")),
                arguments(
                        "an abstract type",
                        completeWith(Abstract.class),
                        says("Abstract is abstract", "types that extend it")),
                arguments("an interface", completeWith(AnyGreeting.class), says("AnyGreeting is abstract")),
                arguments(
                        "a generic type",
                        completeWith(Generic.class),
                        says("Generic is generic", "without type parameters")),
                arguments(
                        "a message that has no form as bytes",
                        completeWith(Lazy.class),
                        says("Supplier", "cannot be read from JSON", "make it a record")),
                arguments(
                        "an answer that has no form as bytes",
                        completeWith(AskForShape.class).handler(new ShapeHandler()),
                        says("Shape", "cannot be read from JSON", "@JsonTypeInfo")));
    }

    private static Stream<Arguments> upcasterMistakes() {
        return Stream.of(
                arguments(
                        "two upcasters",
                        versioned()
                                .upcaster(from(1))
                                .upcaster(from(1))
                                .upcaster(from(2))
                                .upcaster(from(3)),
                        says("test.versioned has two upcasters from version 1", "remove one")),
                arguments(
                        "a gap between upcasters",
                        versioned().upcaster(from(1)).upcaster(from(3)),
                        says("test.versioned is at version 4", "from version 1, but none from version 2", "add it")),
                arguments(
                        "a gap behind the last upcaster",
                        versioned().upcaster(from(2)),
                        says("from version 2, but none from version 3")),
                arguments(
                        "an upcaster from the newest version",
                        versioned().upcaster(from(4)),
                        says("from version 4 of test.versioned, which is at version 4", "raise @MessageType.version")),
                arguments("an upcaster from nothing", versioned().upcaster(from(0)), says("from version 0")),
                arguments(
                        "an upcaster of no type",
                        versioned().upcaster(new JsonUpcaster("test.unknown", 1, message -> {})),
                        says("'test.unknown'", "no type in a catalogue")));
    }

    private static String[] says(String... parts) {
        return parts;
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("mistakes")
    void reportsAMistakeOnceWithTheWayOut(String kind, MediatorBuilder builder, String[] parts) {
        assertThat(findings(builder)).singleElement().asString().contains(parts);
    }

    @Test
    void reportsAllMistakesTogether() {
        MediatorBuilder builder = completeBut(CountHandler.class)
                .catalog(MessageCatalog.of(Nameless.class, Misnamed.class, SameName.class, Abstract.class, Lazy.class))
                .handler(new GreetHandler())
                .handler(new StrayHandler())
                .handler(LAMBDA)
                .handlerMethods("no handler")
                .upcaster(new JsonUpcaster("test.greet", 1, message -> {}));

        assertThat(findings(builder))
                .hasSize(11)
                .anySatisfy(finding -> assertThat(finding).contains("Nameless"))
                .anySatisfy(finding -> assertThat(finding).contains("Wrong Name"))
                .anySatisfy(finding -> assertThat(finding).contains("both named"))
                .anySatisfy(finding -> assertThat(finding).contains("is abstract"))
                .anySatisfy(finding -> assertThat(finding).contains("Supplier"))
                .anySatisfy(finding -> assertThat(finding).contains("two handlers"))
                .anySatisfy(finding -> assertThat(finding).contains("Stray"))
                .anySatisfy(finding -> assertThat(finding).contains("is a lambda"))
                .anySatisfy(finding -> assertThat(finding).contains("has no method"))
                .anySatisfy(finding -> assertThat(finding).contains("which is at version 1"))
                .anySatisfy(finding -> assertThat(finding).contains("CountGreetings has no handler"));
    }

    @Test
    void doesNotMissTheHandlerOfAMessageThatHasAFindingItself() {
        assertThat(findings(completeWith(Nameless.class).handler(new NamelessHandler())))
                .hasSize(1);
    }

    @Test
    void findsNothingWhereAllIsWell() {
        assertThat(findings(complete())).isEmpty();
        assertThat(findings(versioned())).isEmpty();
        assertThat(findings(versioned().upcaster(from(2)).upcaster(from(3)))).isEmpty();
    }

    @SuppressWarnings({"unchecked", "rawtypes"}) // the mistake that the compiler would otherwise find
    private static MediatorBuilder misregistered() {
        CommandHandler handler = new ForgetHandler();
        return complete().handler((Class) Greet.class, handler);
    }

    @SuppressWarnings({"unchecked", "rawtypes"}) // as if Greet had become a command since this was compiled
    private static MediatorBuilder misunderstood() {
        EventHandler handler = LAMBDA;
        return completeBut(GreetHandler.class).handler((Class) Greet.class, handler);
    }

    /** {@link CountHandler} as it was compiled when its query was still answered with a text. */
    private static RequestHandler<?, ?> countingInWords() throws IOException, ReflectiveOperationException {
        byte[] now;
        try (InputStream file = CountHandler.class.getResourceAsStream("TestMessages$CountHandler.class")) {
            now = Objects.requireNonNull(file, "the class file of CountHandler").readAllBytes();
        }
        ClassFile format = ClassFile.of();
        byte[] then = format.transformClass(format.parse(now), (builder, element) -> {
            if (element instanceof SignatureAttribute signature) {
                builder.with(SignatureAttribute.of(ClassSignature.parseFrom(
                        signature.signature().stringValue().replace("java/lang/Integer", "java/lang/String"))));
            } else {
                builder.with(element);
            }
        });
        return (RequestHandler<?, ?>) MethodHandles.lookup()
                .defineHiddenClass(then, true)
                .lookupClass()
                .getDeclaredConstructor()
                .newInstance();
    }

    private static EventHandler<?> proxied() {
        return (EventHandler<?>) Proxy.newProxyInstance(
                EventHandler.class.getClassLoader(),
                new Class<?>[] {EventHandler.class},
                (proxy, method, arguments) -> Result.done());
    }

    private static MediatorBuilder versioned() {
        return completeWith(Versioned.class);
    }

    private static Upcaster from(int version) {
        return new JsonUpcaster("test.versioned", version, message -> {});
    }

    record Nameless() implements Command<String> {}

    static final class NamelessHandler implements CommandHandler<Nameless, String> {
        @Override
        public Result<String> handle(Nameless command, MessageContext context) {
            return Result.success("");
        }
    }

    @MessageType("Wrong Name")
    record Misnamed() implements Event {}

    @MessageType(value = "test.unborn", version = 0)
    record Unborn() implements Event {}

    @MessageType("test.greet")
    record SameName() implements Event {}

    @MessageType("test.abstract")
    abstract static class Abstract implements Event {}

    @MessageType("test.any-greeting")
    interface AnyGreeting extends Command<String> {}

    @MessageType("test.generic")
    record Generic<T>(T content) implements Event {}

    @MessageType("test.lazy")
    record Lazy(Supplier<String> text) implements Event {}

    interface Shape {}

    @MessageType("test.ask-for-shape")
    record AskForShape() implements Query<Shape> {}

    static final class ShapeHandler implements QueryHandler<AskForShape, Shape> {
        @Override
        public Result<Shape> handle(AskForShape query, MessageContext context) {
            return Result.success(new Shape() {});
        }
    }

    @MessageType(value = "test.versioned", version = 4)
    record Versioned() implements Event {}

    @MessageType("test.stray")
    record Stray() implements Event {}

    static final class StrayHandler implements EventHandler<Stray> {
        @Override
        public Result<Unit> handle(Stray event, MessageContext context) {
            return Result.done();
        }
    }

    static final class Open<E extends Event> implements EventHandler<E> {
        @Override
        public Result<Unit> handle(E event, MessageContext context) {
            return Result.done();
        }
    }
}
