package io.catga.nats;

import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * How an application shows the servers who it is, and makes sure whom it speaks to. Immutable; start from {@link #open()}.
 *
 * @param username    who it is; null where the servers let in everybody
 * @param password    that user's password; it is shown nowhere, {@link #toString} included
 * @param inboxPrefix what the subjects begin with at which its answers arrive; {@code _INBOX} by default. With one of its
 *                    own, the servers can let a user read its own answers and nobody else's
 * @param tls         by what it knows the servers' certificates, and shows its own where it has one; null for a connection
 *                    that is not encrypted. A certificate must be for the host that is named in
 *                    {@link NatsOptions#servers}
 */
public record NatsAccess(
        @Nullable String username,
        @Nullable String password,
        String inboxPrefix,
        @Nullable SSLContext tls) {

    private static final NatsAccess OPEN = new NatsAccess(null, null, "_INBOX", null);

    /**
     * Takes every value as it is given; {@link #open()} and the methods that begin with {@code with} are shorter.
     *
     * @throws IllegalArgumentException with everything that is wrong: a user without a password or the other way round, an
     *     inbox prefix that is not made of words
     */
    public NatsAccess {
        new Requirements("NATS access")
                .that(
                        (username == null) == (password == null),
                        "username and password must be given together; set catga.nats.username and catga.nats.password")
                .that(
                        NatsOptions.isWords(inboxPrefix),
                        "inboxPrefix must be words of letters, digits, _ and - with dots between, but was '"
                                + inboxPrefix + "'; set catga.nats.inbox-prefix")
                .check();
    }

    /** As nobody in particular, and not encrypted: for servers that let in everybody. */
    public static NatsAccess open() {
        return OPEN;
    }

    /** The same as this user. */
    public NatsAccess withUser(String name, String secret) {
        return new NatsAccess(name, secret, inboxPrefix, tls);
    }

    /**
     * The same with answers at other subjects.
     *
     * @throws IllegalArgumentException unless it is words of letters, digits, _ and - with dots between
     */
    public NatsAccess withInboxPrefix(String prefix) {
        return new NatsAccess(username, password, prefix, tls);
    }

    /**
     * The same over TLS; servers that do not offer it are refused. Host names are checked in addition to what the context
     * checks, because the NATS client does not ask for it (jnats 2.26.2).
     */
    public NatsAccess withTls(SSLContext context) {
        return new NatsAccess(username, password, inboxPrefix, context);
    }

    /** How messages name the user. */
    String who() {
        return username == null ? "nobody in particular" : "the user '" + username + "'";
    }

    @Override
    public String toString() {
        return "NatsAccess[username=%s, inboxPrefix=%s, tls=%s]".formatted(username, inboxPrefix, tls != null);
    }
}
