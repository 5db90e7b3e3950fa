package io.catga;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandleProxies;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A method that handles a message, see {@link Handler}. It becomes an object with a handler interface, whose one method
 * is bound to the method's handle: what it costs is decided at start-up, and no call goes through reflection.
 *
 * @param target what the method is called on
 */
record HandlerMethod(Object target, Method method) implements HandlerSource {

    private static final MethodHandle TO_SUCCESS;

    static {
        try {
            TO_SUCCESS = MethodHandles.lookup()
                    .findStatic(Result.class, "success", MethodType.methodType(Result.class, Object.class));
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /**
     * The methods of an object that are marked with {@link Handler}, in the order of their names. Those of superclasses
     * count too, unless a subclass has overridden them.
     */
    static List<HandlerMethod> of(Object target) {
        List<HandlerMethod> found = new ArrayList<>();
        Set<String> overridden = new HashSet<>();
        for (Class<?> type = target.getClass(); type != null; type = type.getSuperclass()) {
            for (Method method : type.getDeclaredMethods()) {
                boolean last = Modifier.isPrivate(method.getModifiers()) || overridden.add(signature(method));
                if (last && !method.isBridge() && method.isAnnotationPresent(Handler.class)) {
                    found.add(new HandlerMethod(target, method));
                }
            }
        }
        found.sort(Comparator.comparing(HandlerMethod::label));
        return found;
    }

    private static String signature(Method method) {
        return method.getName() + Arrays.toString(method.getParameterTypes());
    }

    @Override
    public String label() {
        return "%s.%s(%s)"
                .formatted(
                        method.getDeclaringClass().getName(),
                        method.getName(),
                        Arrays.stream(method.getParameterTypes())
                                .map(Class::getSimpleName)
                                .collect(Collectors.joining(", ")));
    }

    @Override
    public Optional<MessageDescriptor> type(MessageCatalog catalog, Collection<String> findings) {
        if (method.getParameterCount() == 0 || !Message.class.isAssignableFrom(method.getParameterTypes()[0])) {
            findings.add(label() + " takes no message; the first parameter of a handler is a command, query or event");
            return Optional.empty();
        }
        return HandlerSource.find(method.getParameterTypes()[0], label(), catalog, findings);
    }

    @Override
    public Optional<Object> handler(MessageDescriptor type, Collection<String> findings) {
        if (Modifier.isStatic(method.getModifiers())) {
            findings.add(label() + " is static; a handler is a method of an object");
            return Optional.empty();
        }
        if (method.getParameterCount() > 2
                || (method.getParameterCount() == 2 && method.getParameterTypes()[1] != MessageContext.class)) {
            findings.add(
                    label() + " takes too much; behind the message there can be a MessageContext, and nothing else");
            return Optional.empty();
        }
        return answersWithItsResult(type, findings)
                ? handle(findings).map(handle -> adapter(type, handle))
                : Optional.empty();
    }

    private boolean answersWithItsResult(MessageDescriptor type, Collection<String> findings) {
        Type returned = method.getGenericReturnType();
        boolean fits = returned == void.class
                ? type.resultType() == Unit.class
                : fits(returnsResult() ? answerIn(returned) : returned, type.resultType());
        if (!fits) {
            String answer = type.resultType() == Unit.class
                    ? "nothing"
                    : type.resultType().getTypeName();
            findings.add("%s returns %s, but %s is answered with %s; return %s"
                    .formatted(
                            label(),
                            returned.getTypeName(),
                            type.label(),
                            answer,
                            type.resultType() == Unit.class
                                    ? "void or Result<Unit>"
                                    : "that, or a Result<" + answer + ">"));
        }
        return fits;
    }

    private boolean returnsResult() {
        return Result.class.isAssignableFrom(method.getReturnType());
    }

    /** What is in a {@code Result<X>}; the raw type itself, which fits nothing, where it does not say. */
    private static Type answerIn(Type result) {
        return result instanceof ParameterizedType parameterized ? parameterized.getActualTypeArguments()[0] : result;
    }

    private static boolean fits(Type answer, Type wanted) {
        if (answer instanceof Class<?> offered && wanted instanceof Class<?> expected) {
            return expected.isAssignableFrom(
                    MethodType.methodType(offered).wrap().returnType());
        }
        return answer.equals(wanted);
    }

    private Optional<MethodHandle> handle(Collection<String> findings) {
        try {
            method.setAccessible(true);
            return Optional.of(MethodHandles.lookup().unreflect(method).bindTo(target));
        } catch (InaccessibleObjectException | IllegalAccessException e) {
            findings.add("%s cannot be called: %s; open its package to the module of catga-core, or make it public"
                    .formatted(label(), e.getMessage()));
            return Optional.empty();
        }
    }

    private Object adapter(MessageDescriptor type, MethodHandle handle) {
        MethodHandle answering = handle;
        if (method.getReturnType() == void.class) {
            answering = MethodHandles.filterReturnValue(handle, MethodHandles.constant(Result.class, Result.done()));
        } else if (!returnsResult()) {
            answering = MethodHandles.filterReturnValue(
                    handle.asType(handle.type().changeReturnType(Object.class)), TO_SUCCESS);
        }
        if (method.getParameterCount() == 1) {
            answering = MethodHandles.dropArguments(answering, 1, MessageContext.class);
        }
        Class<?> contract = switch (type.kind()) {
            case COMMAND -> CommandHandler.class;
            case QUERY -> QueryHandler.class;
            case EVENT -> EventHandler.class;
        };
        return MethodHandleProxies.asInterfaceInstance(contract, answering);
    }
}
