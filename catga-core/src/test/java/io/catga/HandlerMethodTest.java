package io.catga;

import static io.catga.TestMessages.CATALOG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.catga.TestMessages.CountGreetings;
import io.catga.TestMessages.Forget;
import io.catga.TestMessages.Greet;
import io.catga.TestMessages.Greeted;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class HandlerMethodTest {

    private final List<Object> seen = new ArrayList<>();

    /** One method of each form that is allowed, none of them public. */
    private class Greetings {

        @Handler
        Result<String> greet(Greet command, MessageContext context) {
            seen.add(context.messageId());
            return Result.success("Hello " + command.name());
        }

        @Handler
        private int count(CountGreetings query) {
            return 7;
        }

        @Handler
        void forget(Forget command) {
            seen.add(command);
        }

        @Handler
        protected void note(Greeted event) {
            seen.add(event);
        }

        @Handler
        Result<Unit> refuse(Greeted event, MessageContext context) {
            return Result.failure(ErrorCode.CONFLICT, "noted already");
        }

        void notMarked(Greet command) {
            seen.add("never");
        }
    }

    private final Mediator mediator =
            Mediator.builder().catalog(CATALOG).handlerMethods(new Greetings()).build();

    @Test
    void answersWithTheResultOfAMethod() {
        assertThat(mediator.send(new Greet("Ada", 1), MessageOptions.defaults().withIdempotencyKey("key-1")))
                .isEqualTo(Result.success("Hello Ada"));
        assertThat(seen).containsExactly("key-1");
    }

    @Test
    void answersWithWhatAMethodReturnsPlainly() {
        assertThat(mediator.send(new CountGreetings())).isEqualTo(Result.success(7));
    }

    @Test
    void callsAMethodThatReturnsNothingForACommandWithoutAnAnswer() {
        assertThat(mediator.send(new Forget("Ada"))).isEqualTo(Result.done());
        assertThat(seen).containsExactly(new Forget("Ada"));
    }

    @Test
    void bringsAnEventToEveryMethodThatTakesIt() {
        assertThat(mediator.publish(new Greeted("Ada"))).isEqualTo(Result.failure(ErrorCode.CONFLICT, "noted already"));
        assertThat(seen).containsExactly(new Greeted("Ada"));
    }

    static class Failing {
        @Handler
        String greet(Greet command) throws Exception {
            throw switch (command.name()) {
                case "taken" -> new CatgaException(ErrorCode.CONFLICT, "taken");
                case "checked" -> new IOException("password=secret");
                default -> new IllegalStateException("password=secret");
            };
        }

        @Handler
        @SuppressWarnings("NullAway") // the mistake
        Integer count(CountGreetings query) {
            return null;
        }
    }

    private static Mediator failing() {
        return Mediator.builder()
                .catalog(CATALOG)
                .handlerMethods(new Failing())
                .handler(Forget.class, (command, context) -> Result.done())
                .build();
    }

    @Test
    void mapsWhatAMethodThrowsAsForEveryHandler() {
        Result<String> internal = Result.failure(ErrorCode.INTERNAL, "Greet failed on local; its log has the cause");

        assertThat(failing().send(new Greet("taken", 1))).isEqualTo(Result.failure(ErrorCode.CONFLICT, "taken"));
        assertThat(failing().send(new Greet("checked", 1))).isEqualTo(internal);
        assertThat(failing().send(new Greet("unchecked", 1))).isEqualTo(internal);
    }

    @Test
    void takesNullForADefect() {
        assertThat(failing().send(new CountGreetings()))
                .isEqualTo(Result.failure(ErrorCode.INTERNAL, "CountGreetings failed on local; its log has the cause"));
    }

    static class Polite {
        @Handler
        Result<String> greet(Greet command) {
            return Result.success("Good morning");
        }

        @Handler
        Result<Unit> forget(Forget command) {
            return Result.done();
        }
    }

    static class Casual extends Polite {
        @Override
        @Handler
        Result<String> greet(Greet command) {
            return Result.success("Hi");
        }
    }

    @Test
    void callsTheMethodsOfSuperclassesAndThoseThatOverrideThem() {
        Mediator mediator = Mediator.builder()
                .catalog(CATALOG)
                .handlerMethods(new Casual())
                .handler(CountGreetings.class, (query, context) -> Result.success(1))
                .build();

        assertThat(mediator.send(new Greet("Ada", 1))).isEqualTo(Result.success("Hi"));
        assertThat(mediator.send(new Forget("Ada"))).isEqualTo(Result.done());
    }

    static Stream<Object[]> mistakes() {
        return Stream.of(
                mistake("nothing() takes no message", new Object() {
                    @Handler
                    void nothing() {}
                }),
                mistake("noMessage(String) takes no message", new Object() {
                    @Handler
                    String noMessage(String text) {
                        return text;
                    }
                }),
                mistake("(Greet, String) takes too much", new Object() {
                    @Handler
                    String noContext(Greet command, String text) {
                        return text;
                    }
                }),
                mistake(
                        "returns int, but Greet is answered with java.lang.String; return that, or a Result",
                        new Object() {
                            @Handler
                            int wrongAnswer(Greet command) {
                                return 1;
                            }
                        }),
                mistake("returns io.catga.Result<java.lang.Integer>", new Object() {
                    @Handler
                    Result<Integer> wrongResult(Greet command) {
                        return Result.success(1);
                    }
                }),
                mistake("returns void, but Greet is answered with java.lang.String", new Object() {
                    @Handler
                    void noAnswer(Greet command) {}
                }),
                mistake("Greeted is answered with nothing; return void or Result<Unit>", new Object() {
                    @Handler
                    String answerToAnEvent(Greeted event) {
                        return "why?";
                    }
                }),
                mistake("is static", new StaticHandler()),
                mistake("in no catalogue", new Object() {
                    @Handler
                    void stray(ConfigurationFindingsTest.Stray event) {}
                }));
    }

    static class StaticHandler {
        @Handler
        static String greet(Greet command) {
            return "";
        }
    }

    private static Object[] mistake(String finding, Object target) {
        return new Object[] {finding, target};
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("mistakes")
    void reportsAMethodThatIsNoHandler(String finding, Object target) {
        MediatorBuilder builder = Mediator.builder()
                .catalog(CATALOG)
                .handlerMethods(target)
                .requestTransport((request, deadline) -> {
                    throw new AssertionError("nothing is sent");
                });

        assertThat(catchThrowableOfType(CatgaConfigurationException.class, builder::build)
                        .findings())
                .singleElement()
                .asString()
                .contains(finding);
    }
}
