package io.catga.floor.service;

import io.catga.floor.cluster.GroupCommit;
import io.catga.floor.cluster.NatsConfiguration;
import io.catga.floor.cluster.RedisConfiguration;
import io.catga.floor.cluster.RedisLink;
import io.catga.floor.cluster.Replicas;
import java.time.Clock;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

/** Takes orders from NATS and stores them in Redis. */
@SpringBootApplication(proxyBeanMethods = false)
@Import({NatsConfiguration.class, RedisConfiguration.class})
public class ServiceApplication {

    @Bean
    GroupCommit commits(RedisLink redis, Replicas replicas) {
        return new GroupCommit(redis, replicas, OrderStep.SCRIPT);
    }

    @Bean
    Clock clock() {
        return Clock.systemUTC();
    }
}
