package io.catga.redis;

import io.netty.handler.ssl.NotSslRecordException;
import java.security.cert.CertificateException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who does not let this application in, or is not let in by it: because of a password, a permission or a certificate. Trying
 * again at once would end the same way until somebody has changed one of them; so each is told of in the log once, and left
 * alone for a while. For one thread.
 */
final class Refusals {

    private static final Logger LOG = LoggerFactory.getLogger(RedisLink.class);

    private static final Duration REST = Duration.ofSeconds(5);

    private final String who;
    private final String settings;
    private final Clock clock;
    private final Map<Address, Instant> restUntil = new HashMap<>();
    private final Set<Address> told = new HashSet<>();

    /**
     * @param who      how messages call them
     * @param settings what is to be looked at
     */
    Refusals(String who, String settings, Clock clock) {
        this.who = who;
        this.settings = settings;
        this.clock = clock;
    }

    /** Whether it has refused a moment ago, and is not to be asked. */
    boolean isResting(Address address) {
        Instant until = restUntil.get(address);
        return until != null && clock.instant().isBefore(until);
    }

    /**
     * Takes why connecting or asking has failed.
     *
     * @return whether that is a refusal, and told
     */
    boolean isOne(Address address, Throwable failure) {
        Optional<String> reason = reason(failure);
        reason.ifPresent(why -> {
            restUntil.put(address, clock.instant().plus(REST));
            if (told.add(address)) {
                LOG.error(
                        "{} at {} cannot be used, trying again every {} s: {}; check {}",
                        who,
                        address,
                        REST.toSeconds(),
                        why,
                        settings);
            }
        });
        return reason.isPresent();
    }

    /** What a server or TLS says, where one of them refuses. */
    static Optional<String> reason(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            String message = String.valueOf(cause.getMessage());
            if (RedisFailure.of(cause) == RedisFailure.FORBIDDEN
                    || cause instanceof CertificateException
                    || cause instanceof NotSslRecordException
                    || message.contains("Received fatal alert")) {
                return Optional.of(message);
            }
        }
        return Optional.empty();
    }

    /** It has let this application in; should it refuse again, that is told again. */
    void accepted(Address address) {
        restUntil.remove(address);
        told.remove(address);
    }
}
