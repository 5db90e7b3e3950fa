package io.catga.floor.cluster;

import io.lettuce.core.codec.Base16;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/**
 * A Lua script and the digest by which Redis knows it.
 *
 * @param text   of the script
 * @param digest its SHA-1 in hexadecimal
 */
public record Script(String text, String digest) {

    /** The one that stands beside a class. */
    public static Script beside(Class<?> type, String name) {
        try (InputStream file = type.getResourceAsStream(name)) {
            if (file == null) {
                throw new IllegalStateException(name + " is not beside " + type.getName());
            }
            byte[] text = file.readAllBytes();
            return new Script(new String(text, StandardCharsets.UTF_8), Base16.digest(text));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One call of it. */
    public record Call(byte[][] keys, byte[][] arguments) {

        /** Strings go as UTF-8, byte arrays as they are. */
        public static Call of(java.util.List<?> keys, java.util.List<?> arguments) {
            return new Call(bytes(keys), bytes(arguments));
        }

        private static byte[][] bytes(java.util.List<?> values) {
            return values.stream()
                    .map(value -> value instanceof byte[] bytes
                            ? bytes
                            : value.toString().getBytes(StandardCharsets.UTF_8))
                    .toArray(byte[][]::new);
        }
    }
}
