package io.catga.orders.api;

import io.catga.CatgaError;
import io.catga.CatgaError.Violation;
import io.catga.CatgaException;
import io.catga.ErrorCode;
import io.catga.orders.OrderLimits;
import jakarta.validation.Validator;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamContext;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.deser.DeserializationProblemHandler;
import tools.jackson.databind.deser.ValueInstantiator;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads the body of an order and names everything that is wrong with it at once. A reader usually stops at the first
 * value of a wrong type; this one notes it, goes on, and reports it together with the constraints that the rest breaks.
 * Not without end, though: 64 KiB have room for 20,000 empty lines with three mistakes in each.
 *
 * <p>A body has one meaning, whoever reads it: UTF-8 as RFC 3629 has it, and no name twice in an object. What checks
 * requests on their way might take the other name, or the other reading of the bytes.
 */
@Component
final class OrderRequestReader {

    private static final String PROBLEMS = "problems";
    /** Of wrong types: each field of each line that an order may have. */
    private static final int MOST_PROBLEMS = 3 * OrderLimits.LINES;

    private static final String BYTE_ORDER_MARK = "\uFEFF";

    private final ObjectReader reader;
    private final Validator validator;

    OrderRequestReader(JsonMapper mapper, Validator validator) {
        this.reader = mapper.readerFor(OrderRequest.class)
                .with(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .withHandler(new NoteWrongTypes());
        this.validator = validator;
    }

    /**
     * @throws CatgaException with {@link ErrorCode#UNREADABLE} and the position where it is not JSON, or
     *     {@link ErrorCode#VALIDATION} and every bad field
     */
    OrderRequest read(InputStream body) throws IOException {
        List<Violation> problems = new ArrayList<>();
        OrderRequest request;
        String json = text(body.readAllBytes());
        try {
            request = reader.withAttribute(PROBLEMS, problems).readValue(json);
        } catch (JacksonException e) {
            throw new CatgaException(ErrorCode.UNREADABLE, "The body is not a JSON object" + position(e), e);
        }
        if (request == null) {
            throw problems.isEmpty()
                    ? new CatgaException(ErrorCode.UNREADABLE, "The body is null in place of a JSON object")
                    : new CatgaException(CatgaError.validation(problems));
        }
        Set<String> known = problems.stream().map(Violation::field).collect(Collectors.toSet());
        validator.validate(request.withOneLineTooManyAtMost()).stream()
                .map(broken -> new Violation(field(broken.getPropertyPath().toString()), broken.getMessage()))
                .filter(violation -> !known.contains(violation.field()))
                .forEach(problems::add);
        if (!problems.isEmpty()) {
            problems.sort(Comparator.comparing(Violation::field).thenComparing(Violation::problem));
            throw new CatgaException(CatgaError.validation(problems));
        }
        return request;
    }

    /** Jackson alone would guess the encoding, and take two bytes for a character that has one. */
    private static String text(byte[] body) {
        ByteBuffer bytes = ByteBuffer.wrap(body);
        try {
            String text = StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
            return text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text;
        } catch (CharacterCodingException e) {
            throw new CatgaException(
                    ErrorCode.UNREADABLE, "The body is not UTF-8: see byte " + (bytes.position() + 1), e);
        }
    }

    /** An element of a list that breaks a constraint of its own has a path like {@code items[1].<list element>}. */
    private static String field(String path) {
        return path.replace(".<list element>", "");
    }

    private static String position(JacksonException e) {
        TokenStreamLocation at = e.getLocation();
        return at == null || at.getLineNr() < 1
                ? ""
                : ": see line %d, column %d".formatted(at.getLineNr(), at.getColumnNr());
    }

    /** Puts nothing in the place of a value of a wrong type, and remembers where that was. */
    private static final class NoteWrongTypes extends DeserializationProblemHandler {

        @Override
        public @Nullable Object handleWeirdStringValue(
                DeserializationContext context, Class<?> type, String value, String message) {
            return note(context, type);
        }

        @Override
        public @Nullable Object handleWeirdNumberValue(
                DeserializationContext context, Class<?> type, Number value, String message) {
            return note(context, type);
        }

        @Override
        public @Nullable Object handleUnexpectedToken(
                DeserializationContext context, JavaType type, JsonToken token, JsonParser parser, String message) {
            Object nothing = note(context, type.getRawClass());
            parser.skipChildren();
            return nothing;
        }

        /** A number or a text in the place of an object. */
        @Override
        public @Nullable Object handleMissingInstantiator(
                DeserializationContext context,
                Class<?> type,
                @Nullable ValueInstantiator instantiator,
                @Nullable JsonParser parser,
                String message) {
            return note(context, type);
        }

        @SuppressWarnings("unchecked") // read() puts the list there
        private static @Nullable Object note(DeserializationContext context, Class<?> type) {
            List<Violation> problems = (List<Violation>) context.getAttribute(PROBLEMS);
            if (problems.size() < MOST_PROBLEMS) {
                problems.add(new Violation(field(context), "must be " + named(type)));
            }
            return null;
        }

        private static String field(DeserializationContext context) {
            String path = path(context.getParser().streamReadContext());
            return path.isEmpty() ? "body" : path;
        }

        private static String named(Class<?> type) {
            if (Number.class.isAssignableFrom(type)) {
                return "a number";
            }
            if (type == String.class) {
                return "a text";
            }
            return List.class.isAssignableFrom(type) ? "an array" : "an object";
        }

        private static String path(TokenStreamContext context) {
            TokenStreamContext parent = context.getParent();
            String before = parent == null ? "" : path(parent);
            if (context.inArray() && context.hasCurrentIndex()) {
                return before + '[' + context.getCurrentIndex() + ']';
            }
            if (context.inObject() && context.currentName() != null) {
                return before.isEmpty() ? context.currentName() : before + '.' + context.currentName();
            }
            return before;
        }
    }
}
