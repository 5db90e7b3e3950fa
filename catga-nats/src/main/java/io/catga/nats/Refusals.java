package io.catga.nats;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the servers do not let this application's user do. They say so beside the calls: whoever has published or subscribed
 * sees only that nothing comes. So each missing permission is written to the log, once for a connection, and whoever waits
 * for what was published is told. Thread-safe.
 *
 * <p>By the texts of nats-server 2.15 ({@code client.go}), which have no other form.
 */
final class Refusals {

    private static final Logger LOG = LoggerFactory.getLogger(NatsLink.class);

    private static final Pattern VIOLATION = Pattern.compile(
            "permissions violation for (publish|subscription)[^\"]*\"([^\"]+)\".*", Pattern.CASE_INSENSITIVE);
    /** The addresses of answers, which are different for each: what is permitted is everything below their beginning. */
    private static final Pattern ANSWERS = Pattern.compile("\\.[0-9A-Za-z]{22}\\..*");
    /** Each acknowledgement has a subject of its own as well. */
    private static final Pattern ACKNOWLEDGEMENT = Pattern.compile("(\\$JS\\.ACK\\.[^.]+\\.[^.]+)\\..*");

    private static final String API = "$JS.API.";

    /** Other applications choose where they want their answers, so the number of subjects is not ours to bound. */
    private static final int MOST_TOLD = 200;

    private record Refused(String subject, Instant when) {}

    private final NatsAccess access;
    private final Clock clock;
    private final Consumer<String> unpublished;
    private final Set<String> told = ConcurrentHashMap.newKeySet();
    private final Set<String> unheard = ConcurrentHashMap.newKeySet();
    private volatile @Nullable Refused call;

    /**
     * @param unpublished is given the subject of each message that the server did not take
     */
    Refusals(NatsAccess access, Clock clock, Consumer<String> unpublished) {
        this.access = access;
        this.clock = clock;
        this.unpublished = unpublished;
    }

    /**
     * Takes what a server says.
     *
     * @return whether it is about a permission
     */
    boolean isOne(String error) {
        Matcher violation = VIOLATION.matcher(error);
        if (!violation.matches()) {
            return false;
        }
        String subject = violation.group(2);
        if (violation.group(1).equalsIgnoreCase("publish")) {
            if (subject.startsWith(API)) {
                call = new Refused(subject, clock.instant());
            }
            tell("publish to", subject);
            unpublished.accept(subject);
        } else {
            unheard.add(subject);
            tell("subscribe to", subject);
        }
        return true;
    }

    private void tell(String what, String subject) {
        String permission = what + ' ' + toPermit(subject);
        if (told.size() < MOST_TOLD && told.add(permission)) {
            LOG.error("NATS does not let {} {}; give it that permission", access.who(), permission);
        }
    }

    /** The subject that is missing among the permissions, of one that was used. */
    static String toPermit(String subject) {
        return ANSWERS.matcher(ACKNOWLEDGEMENT.matcher(subject).replaceFirst("$1.>"))
                .replaceFirst(".>");
    }

    /** Whether there is a subscription that the server has not accepted, so that something does not arrive. */
    boolean isDeaf() {
        return !unheard.isEmpty();
    }

    /** Which call of JetStream was refused within this time; the client waits for its answer nevertheless. */
    Optional<String> ofCall(Duration within) {
        Refused last = call;
        return last == null || last.when().isBefore(clock.instant().minus(within))
                ? Optional.empty()
                : Optional.of("NATS does not let %s publish to %s".formatted(access.who(), last.subject()));
    }

    /** Forgets everything, because there is another connection: all is subscribed anew, maybe by other permissions. */
    void forget() {
        told.clear();
        unheard.clear();
    }
}
