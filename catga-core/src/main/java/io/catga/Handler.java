package io.catga;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a method that handles one type of message, in place of a class that implements {@link CommandHandler},
 * {@link QueryHandler} or {@link EventHandler}; what is said there holds for it too.
 *
 * {@snippet :
 * @Handler
 * Result<Order> on(CreateOrder command, MessageContext context) { ... }
 * }
 *
 * <p>The method takes the message, and behind it the {@link MessageContext} where it wants that. It returns a
 * {@link Result}, or the answer itself, or nothing where the message is an event or a command that has nothing to answer.
 * It may have any name and any visibility, and throw anything: an exception becomes an error as it does elsewhere.
 *
 * <p>The methods of an object are added with {@link MediatorBuilder#handlerMethods(Object)}; with
 * catga-spring-boot-starter, those of every bean are.
 */
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface Handler {}
