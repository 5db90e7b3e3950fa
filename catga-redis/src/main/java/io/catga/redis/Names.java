package io.catga.redis;

import io.lettuce.core.RedisURI;
import io.lettuce.core.resource.SocketAddressResolver;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;

/**
 * Resolves names on the thread that wants to connect, which may take long; Lettuce would do it on the threads that serve all
 * connections. An address keeps its name, for which its certificate must be.
 */
final class Names extends SocketAddressResolver {

    /**
     * @throws UncheckedIOException where the name is unknown, as that of a container that is stopped
     */
    @Override
    public SocketAddress resolve(RedisURI uri) {
        try {
            return new InetSocketAddress(InetAddress.getByName(uri.getHost()), uri.getPort());
        } catch (UnknownHostException e) {
            throw new UncheckedIOException(e);
        }
    }
}
