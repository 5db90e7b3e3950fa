package io.catga.pipeline;

import io.catga.MessageDescriptor;
import java.util.Optional;

/** Something that happens to messages on their way to the handler, whatever the message and the handler are. */
public interface Behavior {

    /** Where in the pipeline it stands. */
    Stage stage();

    /**
     * What it does to one type of message; asked once, at start-up, so that look-ups (a meter, a constraint, a breaker)
     * need not happen for each message.
     *
     * @param remote whether the pipeline ends at a transport rather than at a handler of this process
     * @return empty where it has nothing to do for this type
     */
    Optional<Step> stepFor(MessageDescriptor type, boolean remote);
}
