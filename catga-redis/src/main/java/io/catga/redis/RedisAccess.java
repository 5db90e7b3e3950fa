package io.catga.redis;

import io.lettuce.core.RedisURI;
import io.lettuce.core.SslOptions;
import io.lettuce.core.SslVerifyMode;
import java.time.Duration;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * How an application shows Redis and the Sentinels who it is, and makes sure whom it speaks to. Immutable; start from
 * {@link #open()}.
 *
 * @param nodes     who it is for Redis itself; null where that lets in everybody
 * @param sentinels who it is for the Sentinels, which have users of their own; null where they let in everybody
 * @param tls       by what it knows the certificates of all of them, and shows its own where it has one; null for connections
 *                  that are not encrypted. A certificate must be for the host by which the node is known: to this
 *                  application for the Sentinels and a single node, to the Sentinels for a master
 */
public record RedisAccess(
        @Nullable Login nodes,
        @Nullable Login sentinels,
        @Nullable SslOptions tls) {

    private static final RedisAccess OPEN = new RedisAccess(null, null, null);

    /**
     * A user and its password, which is shown nowhere, {@link #toString} included.
     *
     * @param username null for the user that Redis calls {@code default}
     * @param password that user's
     */
    public record Login(@Nullable String username, String password) {

        @Override
        public String toString() {
            return "Login[username=%s]".formatted(username);
        }
    }

    /** As nobody in particular, and not encrypted: for servers that let in everybody. */
    public static RedisAccess open() {
        return OPEN;
    }

    /**
     * The same as this user of Redis itself.
     *
     * @param username null for the user that Redis calls {@code default}
     */
    public RedisAccess withLogin(@Nullable String username, String password) {
        return new RedisAccess(new Login(username, password), sentinels, tls);
    }

    /**
     * The same as this user of the Sentinels.
     *
     * @param username null for the user that they call {@code default}
     */
    public RedisAccess withSentinelLogin(@Nullable String username, String password) {
        return new RedisAccess(nodes, new Login(username, password), tls);
    }

    /** The same over TLS, to Redis and to the Sentinels; certificates and host names are checked always. */
    public RedisAccess withTls(SslOptions options) {
        return new RedisAccess(nodes, sentinels, options);
    }

    /**
     * The same over TLS, as above.
     *
     * @param own     from where its own certificate is taken, for servers that ask for one
     * @param trusted by which certificates are known
     */
    public RedisAccess withTls(KeyManagerFactory own, TrustManagerFactory trusted) {
        return withTls(SslOptions.builder()
                .jdkSslProvider()
                .keyManager(own)
                .trustManager(trusted)
                .build());
    }

    RedisURI node(Address address, Duration timeout) {
        return uri(address, timeout, nodes);
    }

    RedisURI sentinel(Address address, Duration timeout) {
        return uri(address, timeout, sentinels);
    }

    private RedisURI uri(Address address, Duration timeout, @Nullable Login login) {
        RedisURI.Builder uri = RedisURI.builder()
                .withHost(address.host())
                .withPort(address.port())
                .withTimeout(timeout)
                .withSsl(tls != null)
                .withVerifyPeer(SslVerifyMode.FULL);
        if (login != null) {
            // Lettuce takes the user for the one that Redis calls so where there is no name.
            uri = login.username() == null
                    ? uri.withPassword(login.password().toCharArray())
                    : uri.withAuthentication(login.username(), login.password().toCharArray());
        }
        return uri.build();
    }

    @Override
    public String toString() {
        return "RedisAccess[nodes=%s, sentinels=%s, tls=%s]".formatted(nodes, sentinels, tls != null);
    }
}
