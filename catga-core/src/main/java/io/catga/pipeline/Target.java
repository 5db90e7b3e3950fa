package io.catga.pipeline;

import io.catga.MessageDescriptor;
import org.jspecify.annotations.Nullable;

/**
 * What a pipeline leads to.
 *
 * @param type    the type of the messages that go through it
 * @param remote  whether it ends at a transport rather than in this process
 * @param handler the name of the handler's class, or of its class and method; {@code null} where it ends at a transport, and for the stages that
 *                an event goes through once for all of its handlers
 */
public record Target(
        MessageDescriptor type, boolean remote, @Nullable String handler) {

    /** Which side of a message this process is on, as a metric tag: {@code client} or {@code handler}. */
    public String side() {
        return remote ? "client" : "handler";
    }

    /** The handler as a metric tag: the last part of its name, or {@code none}. */
    public String handlerLabel() {
        return handler == null
                ? "none"
                : handler.substring(Math.max(handler.lastIndexOf('.'), handler.lastIndexOf('$')) + 1);
    }
}
