package io.catga.codec;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.lang.annotation.Annotation;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedSet;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.BeanProperty;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.annotation.JsonDeserialize;
import tools.jackson.databind.annotation.JsonSerialize;
import tools.jackson.databind.exc.InvalidDefinitionException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.jsonFormatVisitors.JsonArrayFormatVisitor;
import tools.jackson.databind.jsonFormatVisitors.JsonFormatVisitable;
import tools.jackson.databind.jsonFormatVisitors.JsonFormatVisitorWrapper;
import tools.jackson.databind.jsonFormatVisitors.JsonMapFormatVisitor;
import tools.jackson.databind.jsonFormatVisitors.JsonObjectFormatVisitor;

/**
 * Finds out whether Jackson can write and read a type without having a value of it. A visit of the format makes every
 * serializer, down to the last field, and so also names every type that occurs. Each of those is then read from
 * {@code null}, which makes its deserializer, and from an empty object, which an abstract type without type information
 * or a class without a usable constructor fails with an {@link InvalidDefinitionException}; any other failure is about
 * the empty object, not about the type.
 */
final class JacksonProbe {

    private static final List<String> SAMPLES = List.of("null", "{}");

    private static final List<Class<? extends Annotation>> OWN_WAYS =
            List.of(JsonSerialize.class, JsonDeserialize.class, JsonTypeInfo.class);

    private final JsonMapper mapper;
    private final SequencedSet<JavaType> types = new LinkedHashSet<>();

    private JacksonProbe(JsonMapper mapper) {
        this.mapper = mapper;
    }

    /** One sentence for each type in a type, itself included, that cannot be written or read. */
    static List<String> findings(JsonMapper mapper, Type type) {
        return new JacksonProbe(mapper).probe(mapper.constructType(type));
    }

    private List<String> probe(JavaType root) {
        List<String> findings = new ArrayList<>();
        types.add(root);
        try {
            mapper.acceptJsonFormatVisitor(root, new TypeCollector());
        } catch (JacksonException e) {
            findings.add("%s cannot be written as JSON: %s; change it, or give the JsonMapper a serializer for it"
                    .formatted(root.toCanonical(), e.getOriginalMessage()));
        }
        // What is wrong with a type is also wrong with those around it, and stands there for the innermost.
        Map<String, JavaType> unreadable = new LinkedHashMap<>();
        for (JavaType type : types.reversed()) {
            whyUnreadable(type).ifPresent(why -> unreadable.putIfAbsent(why, type));
        }
        unreadable.forEach((why, type) -> findings.add(
                ("%s cannot be read from JSON: %s; make it a record, say its kinds with @JsonTypeInfo, or give the"
                                + " JsonMapper a deserializer for it")
                        .formatted(type.toCanonical(), why)));
        return findings;
    }

    private Optional<String> whyUnreadable(JavaType type) {
        for (String sample : SAMPLES) {
            try {
                mapper.readValue(sample, type);
            } catch (InvalidDefinitionException e) {
                return Optional.of(e.getOriginalMessage());
            } catch (JacksonException e) {
                // Not a value of this type, which was not to be expected of the sample.
            }
        }
        return Optional.empty();
    }

    /** Where the declared type does not tell how the property is read, or it is not read at all. */
    private static boolean isReadItsOwnWay(BeanProperty property) {
        if (OWN_WAYS.stream().anyMatch(annotation -> property.getAnnotation(annotation) != null)) {
            return true;
        }
        JsonProperty declared = property.getAnnotation(JsonProperty.class);
        if (declared != null && declared.access() == JsonProperty.Access.READ_ONLY) {
            return true;
        }
        RecordComponent[] components = property.getMember().getDeclaringClass().getRecordComponents();
        // A getter of a record that belongs to no component is derived from them.
        return components != null
                && Arrays.stream(components)
                        .noneMatch(component ->
                                component.getName().equals(property.getMember().getName()));
    }

    private final class TypeCollector extends JsonFormatVisitorWrapper.Base {

        @Override
        public JsonObjectFormatVisitor expectObjectFormat(JavaType type) {
            types.add(type);
            SerializationContext context = getContext();
            return new JsonObjectFormatVisitor.Base(context) {
                @Override
                public void property(BeanProperty property) {
                    if (!isReadItsOwnWay(property) && types.add(property.getType())) {
                        context.findPrimaryPropertySerializer(property.getType(), property)
                                .acceptJsonFormatVisitor(TypeCollector.this, property.getType());
                    }
                }

                @Override
                public void optionalProperty(BeanProperty property) {
                    property(property);
                }
            };
        }

        @Override
        public JsonArrayFormatVisitor expectArrayFormat(JavaType type) {
            types.add(type);
            return new JsonArrayFormatVisitor.Base(getContext()) {
                @Override
                public void itemsFormat(JsonFormatVisitable format, JavaType element) {
                    visit(format, element);
                }
            };
        }

        @Override
        public JsonMapFormatVisitor expectMapFormat(JavaType type) {
            types.add(type);
            return new JsonMapFormatVisitor.Base(getContext()) {
                @Override
                public void valueFormat(JsonFormatVisitable format, JavaType value) {
                    visit(format, value);
                }
            };
        }

        private void visit(JsonFormatVisitable format, JavaType type) {
            if (types.add(type)) {
                format.acceptJsonFormatVisitor(this, type);
            }
        }
    }
}
