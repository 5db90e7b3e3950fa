package io.catga.spring;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;

/** The SSL bundle that a setting names. */
final class TlsBundle {

    private TlsBundle() {}

    /**
     * @param name null where there is to be no TLS
     * @throws IllegalArgumentException where it has options: the clients take keys and certificates, and what they negotiate
     *     is the JDK's choice, so a restriction would be passed over in silence
     */
    static Optional<SslBundle> find(ObjectProvider<SslBundles> bundles, String setting, @Nullable String name) {
        if (name == null) {
            return Optional.empty();
        }
        SslBundle found = bundles.getObject().getBundle(name);
        if (found.getOptions().isSpecified()) {
            throw new IllegalArgumentException(
                    "the SSL bundle '%s' has options (ciphers or enabled-protocols), which are not applied to this connection; name one without in %s"
                            .formatted(name, setting));
        }
        return Optional.of(found);
    }
}
