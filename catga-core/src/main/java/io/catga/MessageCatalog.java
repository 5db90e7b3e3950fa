package io.catga;

import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The types of message that parts of a system have agreed on; usually one constant in the module that they share.
 * Immutable. What is wrong with a type is kept and reported when a {@link Mediator} is built, together with everything
 * else that is wrong.
 */
public final class MessageCatalog {

    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9]*([.-][a-z0-9]+)*");

    private final Map<Class<?>, MessageDescriptor> byType;
    private final Map<String, MessageDescriptor> byName;
    /** Types that are in the catalogue, but of no use until a finding is mended. */
    private final Set<Class<?>> unusable;

    private final List<String> findings;

    private MessageCatalog(Collection<Class<? extends Message>> types) {
        Map<Class<?>, MessageDescriptor> byType = new LinkedHashMap<>();
        Map<String, MessageDescriptor> byName = new HashMap<>();
        Set<Class<?>> unusable = new LinkedHashSet<>();
        List<String> findings = new ArrayList<>();
        for (Class<? extends Message> type : types) {
            Optional<MessageDescriptor> described = describe(type, findings);
            if (described.isEmpty()) {
                unusable.add(type);
            }
            described.ifPresent(found -> {
                MessageDescriptor other = byName.putIfAbsent(found.name(), found);
                if (other != null && other.type() != type) {
                    findings.add("%s and %s are both named '%s'; give one of them another @MessageType"
                            .formatted(other.type().getName(), type.getName(), found.name()));
                }
                byType.put(type, found);
            });
        }
        this.byType = Collections.unmodifiableMap(byType);
        this.byName = Map.copyOf(byName);
        this.unusable = Set.copyOf(unusable);
        this.findings = List.copyOf(findings);
    }

    /** The catalogue of these types. */
    @SafeVarargs
    @SuppressWarnings("varargs") // the array is only read
    public static MessageCatalog of(Class<? extends Message>... types) {
        return new MessageCatalog(List.of(types));
    }

    /** All types of several catalogues. */
    public static MessageCatalog union(Collection<MessageCatalog> catalogs) {
        List<Class<? extends Message>> types = new ArrayList<>();
        Set<Class<?>> unusable = new LinkedHashSet<>();
        Set<String> findings = new LinkedHashSet<>();
        for (MessageCatalog catalog : catalogs) {
            catalog.byType.values().forEach(found -> types.add(found.type()));
            unusable.addAll(catalog.unusable);
            findings.addAll(catalog.findings);
        }
        MessageCatalog union = new MessageCatalog(types);
        findings.addAll(union.findings);
        return new MessageCatalog(union, unusable, findings);
    }

    private MessageCatalog(MessageCatalog base, Set<Class<?>> unusable, Collection<String> findings) {
        this.byType = base.byType;
        this.byName = base.byName;
        this.unusable = Set.copyOf(unusable);
        this.findings = List.copyOf(findings);
    }

    private static Optional<MessageDescriptor> describe(Class<? extends Message> type, List<String> findings) {
        if (Modifier.isAbstract(type.getModifiers())) {
            findings.add(
                    type.getName() + " is abstract, so there is no message of exactly this type; put the types that"
                            + " extend it into the catalogue in its place");
            return Optional.empty();
        }
        if (type.getTypeParameters().length > 0) {
            findings.add(
                    type.getName() + " is generic, and what its type parameters stand for is lost on the wire; make a"
                            + " message without type parameters for each use");
            return Optional.empty();
        }
        MessageType declared = type.getAnnotation(MessageType.class);
        if (declared == null) {
            findings.add(type.getName() + " has no name for the wire; annotate it, for example @MessageType(\"orders."
                    + type.getSimpleName().toLowerCase(Locale.ROOT) + "\")");
            return Optional.empty();
        }
        if (!NAME.matcher(declared.value()).matches()) {
            findings.add("%s is named '%s'; a name has lower-case words, dots and dashes, such as orders.create-order"
                    .formatted(type.getName(), declared.value()));
        }
        if (declared.version() < 1) {
            findings.add("%s has version %d; a version is 1 or more".formatted(type.getName(), declared.version()));
        }
        Optional<java.lang.reflect.Type> result =
                Event.class.isAssignableFrom(type) ? Optional.of(Unit.class) : TypeArguments.of(type, Request.class, 0);
        if (result.isEmpty()) {
            findings.add(type.getName() + " does not say what it is answered with; implement Command<X> or Query<X>"
                    + " with a concrete X");
            return Optional.empty();
        }
        return Optional.of(MessageDescriptor.of(type, declared, result.get()));
    }

    /** Every type, in the order of declaration. */
    public Collection<MessageDescriptor> descriptors() {
        return byType.values();
    }

    /** The type with this class. */
    public Optional<MessageDescriptor> find(Class<?> type) {
        return Optional.ofNullable(byType.get(type));
    }

    /** The type with this name on the wire. */
    public Optional<MessageDescriptor> find(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    /** Whether a type that is not found here is missing because of a finding. */
    boolean isUnusable(Class<?> type) {
        return unusable.contains(type);
    }

    List<String> findings() {
        return findings;
    }
}
