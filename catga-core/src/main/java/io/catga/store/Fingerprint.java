package io.catga.store;

import io.catga.ErrorCode;
import io.catga.MessageContext;
import io.catga.MessageDescriptor;
import io.catga.Result;
import io.catga.codec.MessageCodec;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** By what a message that comes again is known to be the same. */
final class Fingerprint {

    /** Of a fingerprint, in bytes. */
    static final int LENGTH = 64;

    private Fingerprint() {}

    /** A repeated request must have the content of the first. An event is what its id says, whoever has encoded it. */
    static String of(MessageContext context, MessageCodec codec) {
        return context.descriptor().kind() == MessageDescriptor.Kind.EVENT
                ? "event"
                : hash(codec.encode(context.message()));
    }

    /** The same in a fixed length. */
    static byte[] fixed(String fingerprint) {
        return (fingerprint.length() == LENGTH ? fingerprint : hash(fingerprint.getBytes(StandardCharsets.UTF_8)))
                .getBytes(StandardCharsets.US_ASCII);
    }

    /** The answer to a message that uses the id of another one. */
    static <R> Result<R> mismatch(MessageDescriptor type) {
        return Result.failure(
                ErrorCode.IDEMPOTENCY_MISMATCH,
                "the idempotency key was used before for a " + type.label() + " with another content");
    }

    private static String hash(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
