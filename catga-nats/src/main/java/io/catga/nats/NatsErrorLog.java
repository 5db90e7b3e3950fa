package io.catga.nats;

import io.nats.client.Connection;
import io.nats.client.Consumer;
import io.nats.client.ErrorListener;
import io.nats.client.Message;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * What the NATS client reports beside the calls, at the level that it deserves. A missing permission is an ERROR: to
 * the caller it looks like a time-out, and this line is all that tells. What a reconnect goes through is DEBUG.
 */
final class NatsErrorLog implements ErrorListener {

    private static final Logger LOG = LoggerFactory.getLogger(NatsLink.class);

    private final String name;

    NatsErrorLog(String name) {
        this.name = name;
    }

    @Override
    public void errorOccurred(Connection connection, String error) {
        boolean refused = error.toLowerCase(java.util.Locale.ROOT).contains("violation");
        LOG.atLevel(refused ? Level.ERROR : Level.WARN).log("[{}] NATS server: {}", name, error);
    }

    @Override
    public void exceptionOccurred(Connection connection, Exception problem) {
        LOG.debug("[{}] NATS client", name, problem);
    }

    @Override
    public void slowConsumerDetected(Connection connection, Consumer consumer) {
        LOG.warn("[{}] NATS client drops messages: {} wait to be handled", name, consumer.getPendingMessageCount());
    }

    @Override
    public void messageDiscarded(Connection connection, Message message) {
        LOG.warn("[{}] NATS client dropped a message to {}", name, message.getSubject());
    }

    @Override
    public void socketWriteTimeout(Connection connection) {
        LOG.warn("[{}] The NATS server does not read, reconnecting", name);
    }
}
