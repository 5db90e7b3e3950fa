package io.catga;

import java.lang.reflect.Proxy;
import java.lang.reflect.Type;
import java.util.Collection;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An object that implements one of the handler interfaces.
 *
 * @param contract {@link RequestHandler} or {@link EventHandler}
 * @param declared the type of message that it was registered for; {@code null}: the one that its class names
 */
record HandlerObject(
        Object handler, Class<?> contract, @Nullable Class<?> declared) implements HandlerSource {

    @Override
    public String label() {
        return handler.getClass().getName();
    }

    @Override
    public Optional<MessageDescriptor> type(MessageCatalog catalog, Collection<String> findings) {
        Optional<Type> named = TypeArguments.of(handler.getClass(), contract, 0);
        if (declared != null && named.isPresent() && named.get() != declared) {
            findings.add("%s was added for %s, but its class handles %s; add it for that"
                    .formatted(label(), declared.getName(), named.get().getTypeName()));
            return Optional.empty();
        }
        if ((declared == null ? named.orElse(null) : declared) instanceof Class<?> message) {
            return HandlerSource.find(message, label(), catalog, findings);
        }
        findings.add(label() + wayOut());
        return Optional.empty();
    }

    private String wayOut() {
        if (handler.getClass().isHidden()) {
            return " is a lambda, which does not say which message it handles; add it together with the type, as in"
                    + " handler(CreateOrder.class, (command, context) -> …)";
        }
        if (Proxy.isProxyClass(handler.getClass())) {
            return " is a proxy of interfaces, which does not say which message it handles; make it a proxy of the class,"
                    + " in Spring Boot with spring.aop.proxy-target-class=true";
        }
        return " does not say which message it handles; make it a class that implements " + contract.getSimpleName()
                + " with a concrete message type";
    }

    /** The compiler sees to it, but not where one of the two classes was compiled against an older version of the other. */
    @Override
    public Optional<Object> handler(MessageDescriptor type, Collection<String> findings) {
        boolean reacting = contract == EventHandler.class;
        if (reacting != (type.kind() == MessageDescriptor.Kind.EVENT)) {
            findings.add("%s handles %s as %s, which it is not; change the handler, or compile it anew"
                    .formatted(label(), type.label(), reacting ? "an event" : "a command or query"));
            return Optional.empty();
        }
        Optional<Type> answer = reacting ? Optional.empty() : TypeArguments.of(handler.getClass(), contract, 1);
        if (answer.isEmpty() || answer.get().equals(type.resultType())) {
            return Optional.of(handler);
        }
        findings.add("%s answers %s with %s, but senders expect %s; change the handler, or compile it anew"
                .formatted(
                        label(),
                        type.label(),
                        answer.get().getTypeName(),
                        type.resultType().getTypeName()));
        return Optional.empty();
    }
}
