package io.catga.spring;

import io.catga.ErrorCode;
import io.catga.pipeline.CircuitBreakerOptions;
import io.catga.pipeline.ConcurrencyLimitOptions;
import io.catga.pipeline.RateLimitOptions;
import io.catga.pipeline.RetryOptions;
import io.catga.pipeline.Stage;
import io.catga.store.IdempotencyOptions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * The settings of Catga. A key below {@code catga} that is not one of these stops the application at start-up.
 *
 * @param instance      the name of this replica; by default the container's name, else the host name
 * @param timeout       how long a sender waits that says nothing else
 * @param retention     how long an idempotency key is remembered
 * @param without       which of Catga's own behaviours are left out, such as {@code logging}
 * @param idempotency   the handling of messages that are {@link io.catga.Idempotent}
 * @param rateLimit     how many messages of each type pass in a period
 * @param concurrencyLimit how many messages of each type may be in hand at once
 * @param circuitBreaker when what keeps failing is not tried for a while
 * @param retry         how often, and after which waits, a message is tried again
 * @param shutdownGrace how long each part may take to finish what it has in hand
 * @param inMemory      whether messages, state and outbox stay in the memory of this process; NATS and Redis are then not
 *                      used, whatever is said of them below
 * @param web           the HTTP side
 * @param nats          the connection to NATS; without servers the application has none
 * @param redis         the connection to Redis; without nodes the application has none
 * @param outbox        the publishing of events that wait in the store
 */
@ConfigurationProperties(prefix = "catga", ignoreUnknownFields = false)
public record CatgaProperties(
        @Nullable String instance,
        @DefaultValue("5s") Duration timeout,
        @DefaultValue("24h") Duration retention,
        @DefaultValue Set<Stage> without,
        @DefaultValue Idempotency idempotency,
        @DefaultValue RateLimit rateLimit,
        @DefaultValue ConcurrencyLimit concurrencyLimit,
        @DefaultValue CircuitBreaker circuitBreaker,
        @DefaultValue Retry retry,
        @DefaultValue("10s") Duration shutdownGrace,
        @DefaultValue("false") boolean inMemory,
        @DefaultValue Web web,
        @DefaultValue Nats nats,
        @DefaultValue Redis redis,
        @DefaultValue Outbox outbox) {

    private static final String INBOX = "_INBOX";

    /**
     * The settings below {@code catga.idempotency}.
     *
     * @param lease     how long a handling may take before another instance may take over
     * @param maxResult the largest result that is recorded
     */
    public record Idempotency(
            @DefaultValue("30s") Duration lease,
            @DefaultValue("64KB") DataSize maxResult) {

        IdempotencyOptions options(Duration retention) {
            return new IdempotencyOptions(lease, retention, Math.toIntExact(maxResult.toBytes()));
        }
    }

    /**
     * The settings below {@code catga.rate-limit}.
     *
     * @param permits how many messages of a type pass in a period; by default as many as come
     * @param period  how long a period is
     */
    public record RateLimit(
            @Nullable Integer permits, @DefaultValue("1s") Duration period) {

        Optional<RateLimitOptions> options() {
            return Optional.ofNullable(permits).map(limit -> new RateLimitOptions(limit, period));
        }
    }

    /**
     * The setting below {@code catga.concurrency-limit}.
     *
     * @param maxConcurrent how many messages of a type may be in hand at once
     */
    public record ConcurrencyLimit(@DefaultValue("1000") int maxConcurrent) {

        ConcurrencyLimitOptions options() {
            return new ConcurrencyLimitOptions(maxConcurrent);
        }
    }

    /**
     * The settings below {@code catga.circuit-breaker}.
     *
     * @param failureRate  the percentage of failures that opens it
     * @param window       how many of the last messages are looked at
     * @param minimumCalls how many there must be before it may open
     * @param openFor      how long it refuses before it lets some through
     * @param trials       how many it lets through then
     * @param codes        the codes that count as failures
     */
    public record CircuitBreaker(
            @DefaultValue("50") int failureRate,
            @DefaultValue("100") int window,
            @DefaultValue("20") int minimumCalls,
            @DefaultValue("1s") Duration openFor,
            @DefaultValue("5") int trials,

            @DefaultValue({"UNAVAILABLE", "DEADLINE_EXCEEDED"})
            Set<ErrorCode> codes) {

        CircuitBreakerOptions options() {
            return new CircuitBreakerOptions(failureRate, window, minimumCalls, openFor, trials, codes);
        }
    }

    /**
     * The settings below {@code catga.retry}.
     *
     * @param maxAttempts how often a message is tried in all
     * @param first       the longest wait before the second attempt
     * @param multiplier  what the longest wait is multiplied with for each further attempt
     * @param max         which the longest wait never exceeds
     */
    public record Retry(
            @DefaultValue("3") int maxAttempts,
            @DefaultValue("50ms") Duration first,
            @DefaultValue("2") double multiplier,
            @DefaultValue("500ms") Duration max) {

        RetryOptions options() {
            return new RetryOptions(maxAttempts, first, multiplier, max);
        }
    }

    /**
     * The setting below {@code catga.web}.
     *
     * @param maxBody the largest request body; a larger one is answered with 413
     */
    public record Web(@DefaultValue("64KB") DataSize maxBody) {}

    /**
     * The settings below {@code catga.nats}.
     *
     * @param servers               all nodes of the cluster, such as {@code nats://nats-1:4222}, separated by commas
     * @param username              the user to connect as; without one, the servers must let in everybody
     * @param password              the password of that user
     * @param inboxPrefix           what the subjects begin with at which answers arrive; with one for each user, the servers
     *                              can let each read its own answers only
     * @param sslBundle             the name of an SSL bundle ({@code spring.ssl.bundle}) for connections over TLS; without
     *                              one they are not encrypted
     * @param attemptTimeout        how long one attempt of a request may be silent before the next is made
     * @param noResponderPatience   how long a request is tried again when nobody handles its type
     * @param maxConcurrentRequests how many requests this instance handles at once; further ones are refused
     * @param replicas              how many nodes keep each event
     * @param site                  the data centre to which the data of this application belong, which is also the name of
     *                              its NATS cluster; where nothing is said, there is only one
     * @param otherSites            the other data centres, whose events come here as well
     */
    public record Nats(
            @DefaultValue List<String> servers,
            @Nullable String username,
            @Nullable String password,
            @DefaultValue(INBOX) String inboxPrefix,
            @Nullable String sslBundle,
            @DefaultValue("500ms") Duration attemptTimeout,
            @DefaultValue("1s") Duration noResponderPatience,
            @DefaultValue("256") int maxConcurrentRequests,
            @DefaultValue("3") int replicas,
            @Nullable String site,
            @DefaultValue List<String> otherSites) {

        /**
         * Takes what is left empty for what is not given.
         *
         * @throws IllegalArgumentException if there are other sites, and nobody says which is this one
         */
        public Nats {
            username = given(username);
            password = given(password);
            inboxPrefix = inboxPrefix.isBlank() ? INBOX : inboxPrefix;
            sslBundle = given(sslBundle);
            site = given(site);
            if (site == null && !otherSites.isEmpty()) {
                throw new IllegalArgumentException(
                        "catga.nats.other-sites is %s, and catga.nats.site is missing; set it to the site"
                                        .formatted(otherSites)
                                + " to which the data of this application belong");
            }
        }

        /** Without the password, which nobody is to read in a log. */
        @Override
        public String toString() {
            return "Nats[servers=%s, username=%s, sslBundle=%s, site=%s]".formatted(servers, username, sslBundle, site);
        }
    }

    /**
     * The settings below {@code catga.redis}.
     *
     * @param sentinels all Sentinels, such as {@code sentinel-1:26379}
     * @param master    the name under which they know the master
     * @param node      a single Redis instead of Sentinels, such as {@code localhost:6379}
     * @param username  the user of Redis to connect as; with only a password, the one that it calls {@code default}
     * @param password  the password of that user; without one, Redis must let in everybody
     * @param sentinelUsername the user of the Sentinels, which have users of their own
     * @param sentinelPassword the password of that user; without one, the Sentinels must let in everybody
     * @param sslBundle the name of an SSL bundle ({@code spring.ssl.bundle}) for connections over TLS, to Redis and to the
     *                  Sentinels; without one they are not encrypted
     */
    public record Redis(
            @DefaultValue List<String> sentinels,
            @DefaultValue("mymaster") String master,
            @Nullable String node,
            @Nullable String username,
            @Nullable String password,
            @Nullable String sentinelUsername,
            @Nullable String sentinelPassword,
            @Nullable String sslBundle) {

        /**
         * Takes what is left empty for what is not given.
         *
         * @throws IllegalArgumentException if there is a user without a password
         */
        public Redis {
            username = given(username);
            password = given(password);
            sentinelUsername = given(sentinelUsername);
            sentinelPassword = given(sentinelPassword);
            sslBundle = given(sslBundle);
            if ((username != null && password == null) || (sentinelUsername != null && sentinelPassword == null)) {
                throw new IllegalArgumentException(
                        "a user needs a password; set catga.redis.password beside catga.redis.username, and catga.redis.sentinel-password beside catga.redis.sentinel-username");
            }
        }

        /** Without the passwords, which nobody is to read in a log. */
        @Override
        public String toString() {
            return "Redis[sentinels=%s, master=%s, node=%s, username=%s, sentinelUsername=%s, sslBundle=%s]"
                    .formatted(sentinels, master, node, username, sentinelUsername, sslBundle);
        }
    }

    /** An environment that has a variable for everything leaves empty what is not meant. */
    private static @Nullable String given(@Nullable String text) {
        return text == null || text.isBlank() ? null : text;
    }

    /**
     * The setting below {@code catga.outbox}.
     *
     * @param relay whether this application publishes what waits; one that changes no state has nothing to publish
     */
    public record Outbox(@DefaultValue("true") boolean relay) {}
}
