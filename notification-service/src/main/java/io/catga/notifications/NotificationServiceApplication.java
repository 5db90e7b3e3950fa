package io.catga.notifications;

import io.catga.MessageCatalog;
import io.catga.orders.GetReceptionsQuery;
import io.catga.orders.OrderCancelledEvent;
import io.catga.orders.OrderCreatedEvent;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;

@SpringBootApplication(proxyBeanMethods = false)
class NotificationServiceApplication {

    static void main(String[] args) {
        SpringApplication.run(NotificationServiceApplication.class, args);
    }

    @Bean
    MessageCatalog notificationMessages() {
        return MessageCatalog.of(OrderCreatedEvent.class, OrderCancelledEvent.class, GetReceptionsQuery.class);
    }
}
