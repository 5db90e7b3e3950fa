package io.catga.codec;

import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.BeanProperty;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.SerializationContext;
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

    private final JsonMapper mapper;
    private final Set<JavaType> types = new LinkedHashSet<>();

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
        for (JavaType type : types) {
            whyUnreadable(type)
                    .ifPresent(why -> findings.add(
                            ("%s cannot be read from JSON: %s; make it a record, say its kinds with @JsonTypeInfo, or"
                                            + " give the JsonMapper a deserializer for it")
                                    .formatted(type.toCanonical(), why)));
        }
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

    private final class TypeCollector extends JsonFormatVisitorWrapper.Base {

        @Override
        public JsonObjectFormatVisitor expectObjectFormat(JavaType type) {
            types.add(type);
            SerializationContext context = getContext();
            return new JsonObjectFormatVisitor.Base(context) {
                @Override
                public void property(BeanProperty property) {
                    if (types.add(property.getType())) {
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
