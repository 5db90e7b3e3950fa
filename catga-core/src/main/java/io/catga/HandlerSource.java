package io.catga;

import java.util.Collection;
import java.util.Optional;

/** Something that was given to the builder as a handler, before it is known whether it is one. */
sealed interface HandlerSource permits HandlerObject, HandlerMethod {

    /** How a finding calls it. */
    String label();

    /** What it handles; empty, with a finding that says why, where that is nothing that can be sent. */
    Optional<MessageDescriptor> type(MessageCatalog catalog, Collection<String> findings);

    /**
     * What handles that type, a {@link RequestHandler} or, for events, an {@link EventHandler}; empty, with a finding, where
     * it does not fit the type.
     */
    Optional<Object> handler(MessageDescriptor type, Collection<String> findings);

    /** The type in the catalogue; empty, with a finding, where there is none. */
    static Optional<MessageDescriptor> find(
            Class<?> message, String label, MessageCatalog catalog, Collection<String> findings) {
        Optional<MessageDescriptor> type = catalog.find(message);
        if (type.isEmpty() && !catalog.isUnusable(message)) {
            findings.add("%s handles %s, which is in no catalogue, so nobody can send it; add it to a MessageCatalog"
                    .formatted(label, message.getName()));
        }
        return type;
    }
}
