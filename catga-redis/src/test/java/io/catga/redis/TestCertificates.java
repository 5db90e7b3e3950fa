package io.catga.redis;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.util.List;
import java.util.stream.Stream;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.images.builder.Transferable;

/** A certificate for servers, and the authority that has issued it. */
record TestCertificates(X509Bundle server) {

    /** With which Redis, and a Sentinel, find what {@link #copyTo} has copied. */
    static final List<String> OPTIONS = List.of(
            "tls-cert-file /tmp/server.crt",
            "tls-key-file /tmp/server.key",
            "tls-ca-cert-file /tmp/ca.crt",
            "tls-auth-clients no",
            "tls-replication yes");

    /** The same for a command line. */
    static Stream<String> arguments() {
        return OPTIONS.stream().flatMap(option -> Stream.of(("--" + option).split(" ")));
    }

    /** By a new authority, for servers by this DNS name or at this machine. */
    static TestCertificates of(String name, String address) {
        try {
            X509Bundle authority = new CertificateBuilder()
                    .subject("CN=authority of " + name)
                    .setIsCertificateAuthority(true)
                    .buildSelfSigned();
            return new TestCertificates(new CertificateBuilder()
                    .subject("CN=server")
                    .addSanDnsName(name)
                    .addSanIpAddress(address)
                    .buildIssuedBy(authority));
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    <T extends GenericContainer<T>> T copyTo(T container) {
        return container
                .withCopyToContainer(Transferable.of(server.getCertificatePathPEM()), "/tmp/server.crt")
                .withCopyToContainer(Transferable.of(server.getPrivateKeyPEM()), "/tmp/server.key")
                .withCopyToContainer(Transferable.of(server.getRootCertificatePEM()), "/tmp/ca.crt");
    }

    /** The same, trusting this authority. */
    RedisAccess trustedBy(RedisAccess access) {
        try {
            return access.withTls(server.toKeyManagerFactory(), server.toTrustManagerFactory());
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
