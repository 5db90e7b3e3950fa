package io.catga.orders.api;

import io.catga.MessageCatalog;
import io.catga.orders.OrderMessages;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;

@SpringBootApplication(proxyBeanMethods = false)
class OrderApiApplication {

    static void main(String[] args) {
        SpringApplication.run(OrderApiApplication.class, args);
    }

    @Bean
    MessageCatalog orderMessages() {
        return OrderMessages.CATALOG;
    }
}
