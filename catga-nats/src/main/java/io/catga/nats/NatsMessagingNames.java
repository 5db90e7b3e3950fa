package io.catga.nats;

import io.catga.pipeline.MessagingNames;
import java.util.Optional;

/** What spans call NATS: destinations are subjects, the groups are the queue group and the durable consumer. */
public final class NatsMessagingNames implements MessagingNames {

    private final NatsOptions options;

    /** As these options say; those that the link has. */
    public NatsMessagingNames(NatsOptions options) {
        this.options = options;
    }

    @Override
    public String system() {
        return "nats";
    }

    @Override
    public String client() {
        return options.connectionName();
    }

    @Override
    public String requestDestination(String type) {
        return options.requestSubject(type);
    }

    @Override
    public String eventDestination(String type) {
        return options.eventSubject(type);
    }

    @Override
    public Optional<String> requestGroup() {
        return Optional.of(options.requests().group());
    }

    @Override
    public Optional<String> eventGroup() {
        return Optional.of(options.events().durable());
    }
}
