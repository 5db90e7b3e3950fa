package io.catga.test;

import io.catga.CatgaException;
import io.catga.ErrorCode;
import io.catga.codec.JacksonCodec;
import io.catga.codec.MessageCodec;
import java.lang.reflect.Type;

/** Like a class whose constructor the JSON mapper does not find. */
final class WriteOnlyCodec implements MessageCodec {

    private final MessageCodec codec = new JacksonCodec();

    @Override
    public byte[] encode(Object value) {
        return codec.encode(value);
    }

    @Override
    public <T> T decode(byte[] bytes, Type type) {
        throw new CatgaException(ErrorCode.UNREADABLE, "no constructor of " + type.getTypeName());
    }
}
