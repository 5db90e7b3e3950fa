package io.catga.test;

import io.catga.transport.WireMessage;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import java.util.function.Function;

/**
 * What a message is called in every run of a test, so that the same fault can happen to it again. The message id serves
 * where a person chose it. One that Catga (or the test) made up is a UUID with time or chance in it and differs from
 * run to run; then the message is known by its content, and messages of the same content are interchangeable.
 */
final class MessageIdentity implements Function<WireMessage, String> {

    private static final int UUID_LENGTH = 36;

    /** Made from a name, and so the same for the same name (RFC 9562, versions 3 and 5). */
    private static boolean isNameBased(UUID id) {
        return id.version() == 3 || id.version() == 5;
    }

    @Override
    public String apply(WireMessage message) {
        return isStable(message.messageId())
                ? message.type() + " '" + message.messageId() + '\''
                : message.type() + " #" + Long.toHexString(hash(message.payload()));
    }

    private static boolean isStable(String messageId) {
        if (messageId.length() != UUID_LENGTH) {
            return true;
        }
        try {
            return isNameBased(UUID.fromString(messageId));
        } catch (IllegalArgumentException noUuid) {
            return true;
        }
    }

    static long hash(String text) {
        return hash(text.getBytes(StandardCharsets.UTF_8));
    }

    /** FNV-1a of 64 bits: the same on every machine, and enough to tell the messages of a test apart. */
    private static long hash(byte[] bytes) {
        long hash = 0xcbf29ce484222325L;
        for (byte b : bytes) {
            hash = (hash ^ (b & 0xff)) * 0x100000001b3L;
        }
        return hash;
    }
}
