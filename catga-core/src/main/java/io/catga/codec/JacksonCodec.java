package io.catga.codec;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.catga.CatgaException;
import io.catga.ErrorCode;
import java.lang.reflect.Type;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * JSON by Jackson, with unknown fields ignored so that a newer sender can talk to an older reader. The same value gives the
 * same bytes on every machine: maps are in the order of their keys, and what is null is left out, so that a field which a
 * newer version of a message adds changes nothing where it is not used. Sets have an order only where the type gives them
 * one; a message should have a list or a sorted set.
 */
public final class JacksonCodec implements MessageCodec {

    private final JsonMapper mapper;

    public JacksonCodec() {
        this(JsonMapper.builder().build());
    }

    /** As the mapper is configured, but for unknown fields, the order of maps, and what is null. */
    public JacksonCodec(JsonMapper mapper) {
        this.mapper = mapper.rebuild()
                .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
                .changeDefaultPropertyInclusion(all -> all.withValueInclusion(JsonInclude.Include.NON_NULL))
                .build();
    }

    @Override
    public byte[] encode(Object value) {
        try {
            return mapper.writeValueAsBytes(value);
        } catch (JacksonException e) {
            throw new CatgaException(ErrorCode.INTERNAL, value.getClass().getName() + " cannot be written as JSON", e);
        }
    }

    @Override
    public <T> T decode(byte[] bytes, Type type) {
        T value;
        try {
            value = mapper.readValue(bytes, mapper.constructType(type));
        } catch (JacksonException e) {
            throw new CatgaException(
                    ErrorCode.UNREADABLE, "not a readable " + type.getTypeName() + ": " + e.getOriginalMessage(), e);
        }
        if (value == null) {
            throw new CatgaException(ErrorCode.UNREADABLE, "null in place of a " + type.getTypeName());
        }
        return value;
    }
}
