package io.catga.orders.service;

import io.catga.MessageCatalog;
import io.catga.orders.OrderMessages;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;

@SpringBootApplication(proxyBeanMethods = false)
class OrderServiceApplication {

    static void main(String[] args) {
        SpringApplication.run(OrderServiceApplication.class, args);
    }

    @Bean
    MessageCatalog orderMessages() {
        return OrderMessages.CATALOG;
    }
}
