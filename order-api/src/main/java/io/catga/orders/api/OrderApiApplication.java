package io.catga.orders.api;

import io.catga.MessageCatalog;
import io.catga.orders.OrderMessages;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.info.Info;
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

    @Bean
    OpenAPI openApi() {
        return new OpenAPI()
                .info(new Info()
                        .title("Orders")
                        .version("1")
                        .description("Place, read and cancel orders. Every failure is an RFC 9457 problem detail."));
    }
}
