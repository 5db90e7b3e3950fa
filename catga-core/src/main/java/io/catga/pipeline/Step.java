package io.catga.pipeline;

import io.catga.MessageContext;
import io.catga.Result;

/**
 * A part of the pipeline of one type of message. Called by many threads at once; must be thread-safe.
 */
@FunctionalInterface
public interface Step {

    /** The end of the pipeline for those that end it: the handler, or the transport to it. */
    @FunctionalInterface
    interface Next {
        /** Takes the message on, and brings the result. */
        Result<?> proceed(MessageContext context);
    }

    /** Does its part before, after or in place of {@code next}; called at most once, it brings the result. */
    Result<?> handle(MessageContext context, Next next);
}
