package io.catga.floor.cluster;

import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The connection to NATS, which every application has. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(FloorProperties.class)
public class NatsConfiguration {

    @Bean
    NatsClient nats(FloorProperties properties) {
        return new NatsClient(properties, properties.instance());
    }
}
