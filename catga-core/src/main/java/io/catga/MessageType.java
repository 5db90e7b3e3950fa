package io.catga;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The name under which a type of message is known outside this process. It stands on the wire and in stored events in
 * place of a class name, so that classes can be renamed and moved.
 */
@Documented
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
public @interface MessageType {

    /** Lower-case words, dots and dashes, such as {@code orders.create-order}; unique in the system. */
    String value();

    /** Raised when the payload changes in a way that an older reader cannot ignore; 1 or more. */
    int version() default 1;
}
