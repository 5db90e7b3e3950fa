package io.catga;

import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What Catga knows about one type of message, found once at start-up. Immutable.
 *
 * <p>Get descriptors from a {@link MessageCatalog}.
 */
public final class MessageDescriptor {

    /** What a message is for. */
    public enum Kind {
        /** Asks for something to be done. */
        COMMAND,
        /** Asks for something to be told. */
        QUERY,
        /** Tells that something has happened. */
        EVENT;

        /** The kind as it reads in a sentence or a metric tag. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private final Class<? extends Message> type;
    private final Kind kind;
    private final String name;
    private final int version;
    private final Type resultType;
    private final @Nullable Method businessKey;
    private final String businessKeyLabel;

    private MessageDescriptor(
            Class<? extends Message> type,
            Kind kind,
            String name,
            int version,
            Type resultType,
            @Nullable RecordComponent key) {
        this.type = type;
        this.kind = kind;
        this.name = name;
        this.version = version;
        this.resultType = resultType;
        this.businessKey = key == null ? null : key.getAccessor();
        this.businessKeyLabel = key == null ? "MessageId" : capitalised(key.getName());
    }

    static MessageDescriptor of(Class<? extends Message> type, MessageType declared, Type resultType) {
        return new MessageDescriptor(
                type,
                kindOf(type),
                declared.value(),
                declared.version(),
                resultType,
                keyOf(type).orElse(null));
    }

    static Kind kindOf(Class<? extends Message> type) {
        if (Event.class.isAssignableFrom(type)) {
            return Kind.EVENT;
        }
        return Query.class.isAssignableFrom(type) ? Kind.QUERY : Kind.COMMAND;
    }

    private static Optional<RecordComponent> keyOf(Class<?> type) {
        if (!type.isRecord()) {
            return Optional.empty();
        }
        Optional<RecordComponent> key = Arrays.stream(type.getRecordComponents())
                .filter(MessageDescriptor::isBusinessKey)
                .findFirst();
        key.ifPresent(component -> component.getAccessor().setAccessible(true));
        return key;
    }

    private static boolean isBusinessKey(AnnotatedElement component) {
        return component.isAnnotationPresent(BusinessKey.class);
    }

    private static String capitalised(String text) {
        return Character.toUpperCase(text.charAt(0)) + text.substring(1);
    }

    /** The class of the messages. */
    public Class<? extends Message> type() {
        return type;
    }

    /** What the messages are for. */
    public Kind kind() {
        return kind;
    }

    /** The name on the wire, from {@link MessageType#value()}. */
    public String name() {
        return name;
    }

    /** The version on the wire, from {@link MessageType#version()}. */
    public int version() {
        return version;
    }

    /** The simple class name, for log lines and metrics. */
    public String label() {
        return type.getSimpleName();
    }

    /** What a handler of a request answers with; {@link Unit} for events. */
    public Type resultType() {
        return resultType;
    }

    /** What the business key is called in a log line, such as {@code OrderId}; {@code MessageId} without one. */
    public String keyLabel() {
        return businessKeyLabel;
    }

    /** The business key of a message of this type, see {@link BusinessKey}; absent without one. */
    public Optional<String> keyOf(Message message) {
        if (businessKey == null) {
            return Optional.empty();
        }
        try {
            return Optional.ofNullable(businessKey.invoke(message)).map(Object::toString);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("the accessor " + businessKey + " of a record failed", e);
        }
    }

    @Override
    public String toString() {
        return kind.label() + ' ' + name + " v" + version + " (" + type.getName() + ')';
    }
}
