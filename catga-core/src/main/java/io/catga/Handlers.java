package io.catga;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The handlers of a builder by what they handle.
 *
 * @param labels   how each handler is called, for people
 * @param rejected types whose handler has a finding of its own, so that it need not be missed as well
 */
record Handlers(
        Map<MessageDescriptor, RequestHandler<?, ?>> requests,
        Map<MessageDescriptor, List<EventHandler<?>>> events,
        Map<Object, String> labels,
        Set<MessageDescriptor> rejected) {

    /** Whatever cannot handle a message becomes a finding. */
    static Handlers of(Collection<HandlerSource> sources, MessageCatalog catalog, Collection<String> findings) {
        Map<MessageDescriptor, RequestHandler<?, ?>> requests = new LinkedHashMap<>();
        Map<MessageDescriptor, List<EventHandler<?>>> events = new LinkedHashMap<>();
        Map<Object, String> labels = new IdentityHashMap<>();
        Set<MessageDescriptor> rejected = new HashSet<>();
        Map<MessageDescriptor, HandlerSource> first = new HashMap<>();
        for (HandlerSource source : sources) {
            source.type(catalog, findings).ifPresent(type -> {
                HandlerSource other =
                        type.kind() == MessageDescriptor.Kind.EVENT ? null : first.putIfAbsent(type, source);
                if (other != null) {
                    findings.add("%s has two handlers, %s and %s; remove one"
                            .formatted(type.label(), other.label(), source.label()));
                }
                Object handler = source.handler(type, findings).orElse(null);
                if (handler == null) {
                    rejected.add(type);
                    return;
                }
                labels.put(handler, source.label());
                // By the kind of the message: one object may handle requests and events.
                if (type.kind() == MessageDescriptor.Kind.EVENT) {
                    events.computeIfAbsent(type, any -> new ArrayList<>()).add((EventHandler<?>) handler);
                } else {
                    requests.put(type, (RequestHandler<?, ?>) handler);
                }
            });
        }
        return new Handlers(requests, events, labels, rejected);
    }

    String label(Object handler) {
        return labels.getOrDefault(handler, handler.getClass().getName());
    }

    List<String> labels(MessageDescriptor type) {
        RequestHandler<?, ?> one = requests.get(type);
        return one == null
                ? events.getOrDefault(type, List.of()).stream().map(this::label).toList()
                : List.of(label(one));
    }

    boolean missing(MessageDescriptor request) {
        return !requests.containsKey(request) && !rejected.contains(request);
    }
}
