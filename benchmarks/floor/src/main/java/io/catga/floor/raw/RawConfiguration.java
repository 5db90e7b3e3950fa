package io.catga.floor.raw;

import io.catga.floor.cluster.NatsConfiguration;
import io.catga.floor.cluster.RedisConfiguration;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** The connections alone, for what is no application. */
@Configuration(proxyBeanMethods = false)
@Import({NatsConfiguration.class, RedisConfiguration.class})
class RawConfiguration {

    /** Connects; the standard output stays free. */
    static ConfigurableApplicationContext connect() {
        SpringApplication application = new SpringApplicationBuilder(RawConfiguration.class)
                .web(WebApplicationType.NONE)
                .properties("spring.main.banner-mode=off", "spring.main.keep-alive=false", "logging.level.root=error")
                .build();
        return application.run();
    }
}
