package io.catga;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Finds what a class puts in place of the type parameters of an interface that it implements, at whatever depth. */
final class TypeArguments {

    private TypeArguments() {}

    /** The argument at a position; empty where the class leaves it open, as a lambda does. */
    static Optional<Type> of(Class<?> type, Class<?> generic, int position) {
        return find(type, generic, position, Map.of());
    }

    private static Optional<Type> find(Type type, Class<?> generic, int position, Map<TypeVariable<?>, Type> known) {
        Class<?> raw;
        Map<TypeVariable<?>, Type> bound = known;
        switch (type) {
            case ParameterizedType parameterized -> {
                raw = (Class<?>) parameterized.getRawType();
                bound = new HashMap<>();
                Type[] arguments = parameterized.getActualTypeArguments();
                for (int i = 0; i < arguments.length; i++) {
                    Type argument = arguments[i];
                    Type resolved = argument instanceof TypeVariable<?> variable ? known.get(variable) : argument;
                    if (resolved != null) {
                        bound.put(raw.getTypeParameters()[i], resolved);
                    }
                }
            }
            case Class<?> plain -> raw = plain;
            default -> {
                return Optional.empty();
            }
        }
        if (raw == generic) {
            return Optional.ofNullable(bound.get(raw.getTypeParameters()[position]));
        }
        for (Type parent : raw.getGenericInterfaces()) {
            Optional<Type> found = find(parent, generic, position, bound);
            if (found.isPresent()) {
                return found;
            }
        }
        @Nullable Type superclass = raw.getGenericSuperclass();
        return superclass == null ? Optional.empty() : find(superclass, generic, position, bound);
    }
}
