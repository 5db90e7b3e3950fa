package io.catga.codec;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.TypeVariable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.NullUnmarked;
import tools.jackson.core.Version;
import tools.jackson.databind.AnnotationIntrospector;
import tools.jackson.databind.cfg.MapperConfig;
import tools.jackson.databind.introspect.Annotated;
import tools.jackson.databind.introspect.AnnotatedConstructor;
import tools.jackson.databind.introspect.AnnotatedParameter;

/**
 * Tells Jackson which fields a record cannot be read without: exactly those for which the record says by its types that
 * they are there. A primitive is, and in null-marked code so is everything that is not nullable. What Jackson would put
 * in place of a missing field, 0 or null, is a value that nobody sent.
 *
 * <p>Jackson asks the parameters of the constructor that it uses; only the canonical one has a component for each. It
 * applies the rule for nulls to fields that are missing as well as to those that are null, so the two are one case.
 */
final class RequiredComponents extends AnnotationIntrospector {

    private static final long serialVersionUID = 1L;

    private static final JsonSetter.Value REQUIRED = JsonSetter.Value.forValueNulls(Nulls.FAIL);

    /** For these a missing field has a meaning. */
    private static final Set<Class<?>> OPTIONALS =
            Set.of(Optional.class, OptionalInt.class, OptionalLong.class, OptionalDouble.class);

    @Override
    public Version version() {
        return Version.unknownVersion();
    }

    @Override
    public JsonSetter.Value findSetterInfo(MapperConfig<?> config, Annotated member) {
        return component(member).filter(RequiredComponents::isRequired).isPresent()
                ? REQUIRED
                : JsonSetter.Value.empty();
    }

    private static Optional<RecordComponent> component(Annotated member) {
        if (!(member instanceof AnnotatedParameter parameter)
                || !(parameter.getOwner() instanceof AnnotatedConstructor constructor)
                || !constructor.getDeclaringClass().isRecord()) {
            return Optional.empty();
        }
        RecordComponent[] components = constructor.getDeclaringClass().getRecordComponents();
        Class<?>[] canonical =
                Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
        return Arrays.equals(canonical, constructor.getAnnotated().getParameterTypes())
                ? Optional.of(components[parameter.getIndex()])
                : Optional.empty();
    }

    private static boolean isRequired(RecordComponent component) {
        if (component.getAccessor().isAnnotationPresent(JsonIgnore.class)) {
            return false;
        }
        if (component.getType().isPrimitive()) {
            return true;
        }
        return !OPTIONALS.contains(component.getType())
                && !isNullable(component)
                && isNullMarked(component.getDeclaringRecord());
    }

    /**
     * By any annotation of that name, on the type or on the component: each library of annotations has its own. A type
     * parameter is nullable where its bound is.
     */
    private static boolean isNullable(RecordComponent component) {
        Stream<AnnotatedElement> itself = Stream.of(component.getAnnotatedType(), component, component.getAccessor());
        Stream<AnnotatedElement> bounds = component.getGenericType() instanceof TypeVariable<?> parameter
                ? Arrays.stream(parameter.getAnnotatedBounds())
                : Stream.empty();
        return Stream.concat(itself, bounds)
                .map(AnnotatedElement::getAnnotations)
                .flatMap(Arrays::stream)
                .map(Annotation::annotationType)
                .anyMatch(annotation -> annotation.getSimpleName().equals("Nullable"));
    }

    /** The innermost scope that says something decides: the class, those around it, the package, the module. */
    private static boolean isNullMarked(Class<?> type) {
        List<AnnotatedElement> scopes = new ArrayList<>();
        for (Class<?> scope = type; scope != null; scope = scope.getEnclosingClass()) {
            scopes.add(scope);
        }
        scopes.add(type.getPackage());
        scopes.add(type.getModule());
        return scopes.stream()
                .filter(scope ->
                        scope.isAnnotationPresent(NullMarked.class) || scope.isAnnotationPresent(NullUnmarked.class))
                .findFirst()
                .filter(scope -> scope.isAnnotationPresent(NullMarked.class))
                .isPresent();
    }
}
