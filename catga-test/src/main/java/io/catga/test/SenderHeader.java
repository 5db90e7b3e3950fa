package io.catga.test;

import io.catga.transport.WireMessage;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Tells a receiving end of an {@link UnreliableNetwork} who sent a message; taken off before a handler sees it. */
final class SenderHeader {

    private static final String NAME = "Catga-Test-Sender";

    private SenderHeader() {}

    static WireMessage with(String sender, WireMessage message) {
        Map<String, String> headers = new HashMap<>(message.headers());
        headers.put(NAME, sender);
        return new WireMessage(message.type(), message.messageId(), headers, message.payload());
    }

    /** The member that sent it; {@code null} where it comes from an end that is not decorated. */
    static @Nullable String of(WireMessage message) {
        return message.headers().get(NAME);
    }

    static WireMessage without(WireMessage message) {
        Map<String, String> headers = new HashMap<>(message.headers());
        headers.remove(NAME);
        return new WireMessage(message.type(), message.messageId(), headers, message.payload());
    }
}
