package io.catga.codec;

/**
 * Turns the content of a message of an older version into that of the next version, so that handlers know the newest one
 * only. One step each: a message of version 1 reaches a reader of version 3 through the upcaster from 1 and the one from
 * 2. Requests and events of older senders take this way, and so do events that were stored before an update.
 *
 * <p>Works on bytes, so that every codec can have it; {@link JsonUpcaster} is the one for JSON. Thread-safe.
 */
public interface Upcaster {

    /** The name of the type on the wire, from {@link io.catga.MessageType#value()}. */
    String type();

    /** The version that it reads, 1 or more; it writes the one after it. */
    int from();

    /**
     * The same content as the next version has it.
     *
     * @param payload not to be changed
     * @throws RuntimeException where it has no such form; the message is {@link io.catga.ErrorCode#UNREADABLE} then
     */
    byte[] upcast(byte[] payload);
}
