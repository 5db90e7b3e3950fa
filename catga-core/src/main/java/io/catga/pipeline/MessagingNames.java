package io.catga.pipeline;

import java.util.Optional;

/**
 * What the spans of messages call the system that carries them, by the words of OpenTelemetry's semantic conventions for
 * messaging. A transport brings its own; a process without one is {@link #inProcess}. Thread-safe.
 */
public interface MessagingNames {

    /** Which system carries messages: {@code messaging.system}, such as {@code nats}. */
    String system();

    /** As which client the system knows this process: {@code messaging.client.id}. */
    String client();

    /** Where requests of a type are sent: {@code messaging.destination.name}. */
    String requestDestination(String type);

    /** Where events of a type are published: {@code messaging.destination.name}. */
    String eventDestination(String type);

    /**
     * Which of those that receive requests shares them with others: {@code messaging.consumer.group.name}; empty where
     * each request has one receiver only.
     */
    Optional<String> requestGroup();

    /** Under which name this process has its position in the events: {@code messaging.consumer.group.name}. */
    Optional<String> eventGroup();

    /**
     * Of messages that stay in their process.
     *
     * @param instance the name of the process
     */
    static MessagingNames inProcess(String instance) {
        return new MessagingNames() {
            @Override
            public String system() {
                return "catga";
            }

            @Override
            public String client() {
                return instance;
            }

            @Override
            public String requestDestination(String type) {
                return type;
            }

            @Override
            public String eventDestination(String type) {
                return type;
            }

            @Override
            public Optional<String> requestGroup() {
                return Optional.empty();
            }

            @Override
            public Optional<String> eventGroup() {
                return Optional.empty();
            }
        };
    }
}
