package io.catga.floor.cluster;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The connections to Redis and who has to acknowledge a write, for the applications that store something. */
@Configuration(proxyBeanMethods = false)
public class RedisConfiguration {

    @Bean
    RedisLink redis(FloorProperties properties) {
        return new RedisLink(properties);
    }

    @Bean
    Replicas replicas(RedisLink redis, FloorProperties properties) {
        return new Replicas(redis, properties.awaitReplicas());
    }
}
