package io.catga.codec;

import java.lang.reflect.Type;
import java.util.List;

/** Turns values into bytes and back. Thread-safe. */
public interface MessageCodec {

    /**
     * The bytes of a value. The same value always gives the same bytes: fingerprints are made of them.
     *
     * @throws io.catga.CatgaException with {@link io.catga.ErrorCode#INTERNAL} where the value has no such form
     */
    byte[] encode(Object value);

    /**
     * The value of these bytes; parts that the type does not know are ignored.
     *
     * @throws io.catga.CatgaException with {@link io.catga.ErrorCode#UNREADABLE} where they are not of that type
     */
    <T> T decode(byte[] bytes, Type type);

    /**
     * What keeps values of a type from being encoded and decoded, as far as it can be told without one: one sentence for
     * each mistake, with the way out of it. Asked at start-up for every message and answer; empty where there is nothing
     * wrong, or where the codec cannot tell.
     */
    default List<String> findings(Type type) {
        return List.of();
    }
}
