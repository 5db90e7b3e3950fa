package io.catga.pipeline;

import io.catga.Message;
import io.catga.MessageDescriptor;
import java.lang.annotation.Annotation;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Something that happens to messages on their way to the handler, whatever the message and the handler are. Give it to
 * {@link io.catga.MediatorBuilder#behavior}, or make it a bean.
 */
public interface Behavior {

    /** Where in the pipeline it stands. */
    Placement placement();

    /**
     * What it does on the way to one target; asked once for each, at start-up, so that look-ups (a meter, a constraint, a
     * breaker) need not happen for each message.
     *
     * @return empty where it has nothing to do there
     */
    Optional<Step> stepFor(Target target);

    /** What it is called in a description of the pipeline. */
    default String name() {
        String name = getClass().getSimpleName();
        return name.endsWith("Behavior") ? name.substring(0, name.length() - "Behavior".length()) : name;
    }

    /** Its settings for one target, for a description of the pipeline; what people know them by, and their values. */
    default Map<String, String> settings(Target target) {
        return Map.of();
    }

    /** The same for messages of one type only. */
    default Behavior onlyFor(Class<? extends Message> messages) {
        return new RestrictedBehavior(this, type -> type.type() == messages);
    }

    /** The same for messages only whose class carries an annotation. */
    default Behavior onlyAnnotated(Class<? extends Annotation> annotation) {
        return new RestrictedBehavior(this, type -> type.type().isAnnotationPresent(annotation));
    }

    /** The same for some types of messages only. */
    default Behavior onlyIf(Predicate<MessageDescriptor> condition) {
        return new RestrictedBehavior(this, condition);
    }
}
