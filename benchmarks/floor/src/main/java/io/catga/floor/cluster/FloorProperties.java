package io.catga.floor.cluster;

import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.context.properties.bind.Name;

/**
 * Where the infrastructure is, and how this instance takes part.
 *
 * @param instance  its name, the same after a restart
 * @param nats      every NATS server
 * @param sentinels every Sentinel as {@code host:port}
 * @param master    the name under which the Sentinels know the master
 * @param user      who this is to NATS and Redis
 * @param natsPassword  of that user
 * @param redisPassword of that user, also to the Sentinels
 * @param awaitReplicas whether a write is acknowledged only when the healthy replicas have it; on by default
 */
@ConfigurationProperties("floor")
public record FloorProperties(
        @DefaultValue("floor") String instance,

        @DefaultValue({"nats://nats-1:4222", "nats://nats-2:4222", "nats://nats-3:4222"})
        List<String> nats,

        @DefaultValue({"sentinel-1:26379", "sentinel-2:26379", "sentinel-3:26379"})
        List<String> sentinels,

        @DefaultValue("mymaster") String master,
        @DefaultValue("operator") String user,
        @DefaultValue("") String natsPassword,
        @DefaultValue("") String redisPassword,
        @Name("wait") @DefaultValue("true") boolean awaitReplicas) {}
