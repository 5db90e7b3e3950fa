package io.catga.codec;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import io.catga.CatgaError;
import io.catga.CatgaException;
import io.catga.ErrorCode;
import java.lang.reflect.Type;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.AnnotationIntrospector;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.exc.InvalidNullException;
import tools.jackson.databind.json.JsonMapper;

/**
 * JSON by Jackson, made so that services of different versions can talk to each other:
 *
 * <ul>
 *   <li><b>Unknown fields are ignored</b>, in messages and in answers, so that a newer service can talk to an older one.
 *   <li><b>A missing field is an error where the record says that it is there</b>: a component of a primitive type, and in
 *       null-marked code ({@link org.jspecify.annotations.NullMarked}) every component that is not {@code @Nullable}. The
 *       message is {@link ErrorCode#UNREADABLE} then, with the path of the field; {@code null} counts as missing. So a
 *       component that is added to a message must be nullable or an {@link java.util.Optional}, or goes with a new version
 *       and an {@link Upcaster}. A component with a default of its own says {@code @JsonSetter(nulls = Nulls.SET)}, or
 *       {@code AS_EMPTY}. Constraints such as {@code @NotBlank} are another matter: senders check them before anything is
 *       encoded, so what arrives without a required field comes from another version, not from a careless user.
 *   <li><b>The same value gives the same bytes</b> on every machine: maps are in the order of their keys, and what is null
 *       is left out, so that a field which a newer version of a message adds changes nothing where it is not used. Sets
 *       have an order only where the type gives them one; a message should have a list or a sorted set.
 * </ul>
 */
public final class JacksonCodec implements MessageCodec {

    private final JsonMapper mapper;

    /** With a mapper of its own: unknown fields are ignored, maps are written in the order of their keys. */
    public JacksonCodec() {
        this(JsonMapper.builder().build());
    }

    /** As the mapper is configured, but for unknown and missing fields, the order of maps, and what is null. */
    public JacksonCodec(JsonMapper mapper) {
        JsonMapper.Builder builder = mapper.rebuild();
        this.mapper = builder
                // Last in the pair, so that an annotation on the component has the last word.
                .annotationIntrospector(
                        AnnotationIntrospector.pair(builder.annotationIntrospector(), new RequiredComponents()))
                .addMixIn(CatgaError.class, ErrorFields.class)
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
                    ErrorCode.UNREADABLE, "not a readable " + type.getTypeName() + ": " + problem(e), e);
        }
        if (value == null) {
            throw new CatgaException(ErrorCode.UNREADABLE, "null in place of a " + type.getTypeName());
        }
        return value;
    }

    private static String problem(JacksonException e) {
        String field = path(e);
        if (e instanceof InvalidNullException) {
            return "the required field " + field + " is missing";
        }
        return field.isEmpty() ? e.getOriginalMessage() : "at " + field + ": " + e.getOriginalMessage();
    }

    private static String path(JacksonException e) {
        StringBuilder path = new StringBuilder();
        for (JacksonException.Reference step : e.getPath()) {
            if (step.getPropertyName() == null) {
                path.append('[').append(step.getIndex()).append(']');
            } else {
                path.append(path.isEmpty() ? "" : ".").append(step.getPropertyName());
            }
        }
        return path.toString();
    }

    @Override
    public List<String> findings(Type type) {
        return JacksonProbe.findings(mapper, type);
    }

    /** An error that says nothing of violations has none: what went wrong must arrive whoever has written it. */
    private interface ErrorFields {
        @JsonSetter(nulls = Nulls.AS_EMPTY)
        List<CatgaError.Violation> violations();
    }
}
