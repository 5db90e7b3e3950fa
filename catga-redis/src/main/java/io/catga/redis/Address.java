package io.catga.redis;

import io.lettuce.core.RedisURI;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;

/** Where a Redis or a Sentinel listens. */
record Address(String host, int port) {

    static Address parse(String text) {
        int colon = text.lastIndexOf(':');
        try {
            return new Address(text.substring(0, colon), Integer.parseInt(text.substring(colon + 1)));
        } catch (IndexOutOfBoundsException | NumberFormatException e) {
            throw new IllegalArgumentException("'" + text + "' is no address; write host:port", e);
        }
    }

    /**
     * How Lettuce is told. The name is resolved here, which may take long; Lettuce would do it on the threads that serve all
     * connections.
     *
     * @throws UncheckedIOException where the name is unknown, as that of a container that is stopped
     */
    RedisURI uri(Duration timeout) {
        try {
            return RedisURI.builder()
                    .withHost(InetAddress.getByName(host).getHostAddress())
                    .withPort(port)
                    .withTimeout(timeout)
                    .build();
        } catch (UnknownHostException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String toString() {
        return host + ':' + port;
    }
}
