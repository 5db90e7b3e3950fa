package io.catga.demo;

import io.catga.MessageCatalog;
import io.catga.orders.OrderMessages;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.FilterType;

/** Everything of the three apps but the classes that start them. */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
@ComponentScan(
        basePackages = {
            "io.catga.demo",
            "io.catga.orders.api",
            "io.catga.orders.service",
            "io.catga.notifications",
        },
        excludeFilters = @ComponentScan.Filter(type = FilterType.ANNOTATION, classes = SpringBootApplication.class))
class OrderDemoApplication {

    static void main(String[] args) {
        SpringApplication.run(OrderDemoApplication.class, args);
    }

    @Bean
    MessageCatalog orderMessages() {
        return OrderMessages.CATALOG;
    }
}
