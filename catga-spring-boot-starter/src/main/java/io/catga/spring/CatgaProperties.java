package io.catga.spring;

import java.time.Duration;
import java.util.List;
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
        @DefaultValue("10s") Duration shutdownGrace,
        @DefaultValue("false") boolean inMemory,
        @DefaultValue Web web,
        @DefaultValue Nats nats,
        @DefaultValue Redis redis,
        @DefaultValue Outbox outbox) {

    /**
     * @param maxBody the largest request body; a larger one is answered with 413
     */
    public record Web(@DefaultValue("64KB") DataSize maxBody) {}

    /**
     * @param servers               all nodes of the cluster, such as {@code nats://nats-1:4222}, separated by commas
     * @param attemptTimeout        how long one attempt of a request may be silent before the next is made
     * @param noResponderPatience   how long a request is tried again when nobody handles its type
     * @param maxConcurrentRequests how many requests this instance handles at once; further ones are refused
     * @param replicas              how many nodes keep each event
     */
    public record Nats(
            @DefaultValue List<String> servers,
            @DefaultValue("500ms") Duration attemptTimeout,
            @DefaultValue("1s") Duration noResponderPatience,
            @DefaultValue("256") int maxConcurrentRequests,
            @DefaultValue("3") int replicas) {}

    /**
     * @param sentinels all Sentinels, such as {@code sentinel-1:26379}
     * @param master    the name under which they know the master
     * @param node      a single Redis instead of Sentinels, such as {@code localhost:6379}
     */
    public record Redis(
            @DefaultValue List<String> sentinels,
            @DefaultValue("mymaster") String master,
            @Nullable String node) {}

    /**
     * @param relay whether this application publishes what waits; one that changes no state has nothing to publish
     */
    public record Outbox(@DefaultValue("true") boolean relay) {}
}
