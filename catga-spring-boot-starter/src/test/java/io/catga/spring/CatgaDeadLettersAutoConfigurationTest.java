package io.catga.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.catga.nats.NatsDeadLetters;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;

class CatgaDeadLettersAutoConfigurationTest {

    private final WebApplicationContextRunner application = new WebApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    CatgaAutoConfiguration.class,
                    CatgaNatsAutoConfiguration.class,
                    CatgaDeadLettersAutoConfiguration.class))
            .withPropertyValues("catga.instance=test-1", "management.endpoints.web.exposure.include=catgadeadletters");

    @Test
    void offersTheLettersInNats() {
        application
                .withPropertyValues("catga.nats.servers=nats://localhost:1")
                .run(context -> assertThat(context)
                        .hasNotFailed()
                        .hasSingleBean(NatsDeadLetters.class)
                        .hasSingleBean(DeadLettersEndpoint.class));
    }

    @Test
    void isMissingInAScrapeWhileNatsIsAway() {
        application.withPropertyValues("catga.nats.servers=nats://localhost:1").run(context -> {
            MeterRegistry registry = new SimpleMeterRegistry();
            context.getBean("catgaDeadLetterMeters", MeterBinder.class).bindTo(registry);

            assertThat(registry.get("catga.deadletters").gauge().value()).isNaN();
            assertThat(registry.get("catga.deadletters.age").gauge().value()).isNaN();
        });
    }

    @Test
    void offersNothingWhereNobodyKeepsLetters() {
        application.run(context -> assertThat(context)
                .hasNotFailed()
                .doesNotHaveBean(DeadLettersEndpoint.class)
                .doesNotHaveBean("catgaDeadLetterMeters"));
    }

    @Test
    void hasTheMetricsAlsoWhereTheEndpointIsNotExposed() {
        application
                .withPropertyValues(
                        "catga.nats.servers=nats://localhost:1", "management.endpoints.web.exposure.include=health")
                .run(context -> assertThat(context)
                        .doesNotHaveBean(DeadLettersEndpoint.class)
                        .hasBean("catgaDeadLetterMeters"));
    }
}
