package io.catga.nats;

import io.nats.client.AuthenticationException;
import io.nats.client.Connection;
import io.nats.client.Consumer;
import io.nats.client.ErrorListener;
import io.nats.client.Message;
import java.security.cert.CertificateException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the NATS client reports beside the calls, at the level that it deserves. What a reconnect goes through is DEBUG; and
 * what keeps a connection from being made is remembered, because the client's own exception says only that there is none.
 * One for each connection. Thread-safe.
 */
final class NatsErrorLog implements ErrorListener {

    private static final Logger LOG = LoggerFactory.getLogger(NatsLink.class);

    private final String name;
    private final NatsAccess access;
    private final Refusals refusals;
    private volatile @Nullable Exception problem;
    private volatile @Nullable String refusedBy;

    NatsErrorLog(NatsOptions options, Refusals refusals) {
        this.name = options.connectionName();
        this.access = options.access();
        this.refusals = refusals;
    }

    @Override
    public void errorOccurred(Connection connection, String error) {
        if (refusals.isOne(error)) {
            return;
        }
        if (isAboutCredentials(error)) {
            // The link tells of it when no other server has accepted them.
            refusedBy = connection.getServerInfo().getServerName();
            LOG.debug("[{}] NATS server: {}", name, error);
        } else {
            LOG.warn("[{}] NATS server: {}", name, error);
        }
    }

    private static boolean isAboutCredentials(String error) {
        String text = error.toLowerCase(Locale.ROOT);
        return text.contains("authorization violation") || text.contains("authentication");
    }

    @Override
    public void exceptionOccurred(Connection connection, Exception exception) {
        problem = exception;
        LOG.debug("[{}] NATS client", name, exception);
    }

    /** Whether it is no use to try again at once: somebody has to change credentials or certificates first. */
    boolean isRefusal(Exception failure) {
        boolean refused = failure instanceof AuthenticationException;
        for (Throwable cause = problem; cause != null && !refused; cause = cause.getCause()) {
            refused = cause instanceof CertificateException;
        }
        return refused;
    }

    /** Why there is no connection, in as many words as the client and the servers have for it. */
    String explain(Exception failure) {
        if (failure instanceof AuthenticationException) {
            String server = refusedBy;
            return "%s refuses %s (authorization violation); check catga.nats.username and catga.nats.password"
                    .formatted(server == null ? "the server" : "the server " + server, access.who());
        }
        String reason = "";
        for (Throwable cause = problem; cause != null; cause = cause.getCause()) {
            reason = cause.getMessage() == null ? reason : ": " + cause.getMessage();
        }
        return failure.getMessage() + reason;
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
