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

    /**
     * Raised when the content changes in a way that an older reader cannot ignore; 1 or more. A new field that may be
     * absent needs no new version: an older reader ignores it, and a newer one does without it.
     *
     * <p>A newer reader reads older messages through an {@link io.catga.codec.Upcaster} for each step. An older reader
     * refuses newer messages as {@link ErrorCode#UNREADABLE}, since it would misunderstand them: the sender of a request
     * learns so at once, an event becomes a dead letter of that consumer, to be replayed when it is updated. So in a
     * rolling update the readers of a new version come first, then its senders.
     *
     * <p>An answer has no version. Fields that its reader does not know are ignored; any other change of it needs a
     * request with a name of its own, because the senders of the older request still expect the older answer.
     */
    int version() default 1;
}
