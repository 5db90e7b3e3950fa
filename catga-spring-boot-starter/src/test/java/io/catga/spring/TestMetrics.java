package io.catga.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.assertj.core.api.AbstractDoubleAssert;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.prometheus.PrometheusMetricsExportAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** What Prometheus sees of an application, by the names that dashboards and alerts use. */
record TestMetrics(PrometheusMeterRegistry registry) {

    private static final Duration LONG = Duration.ofSeconds(20);

    /** An application with all of Catga's own configuration but the web, and a registry of Prometheus's. */
    static ApplicationContextRunner application() {
        return new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(
                        MetricsAutoConfiguration.class,
                        PrometheusMetricsExportAutoConfiguration.class,
                        CompositeMeterRegistryAutoConfiguration.class,
                        CatgaAutoConfiguration.class,
                        CatgaMetricsAutoConfiguration.class,
                        CatgaInMemoryAutoConfiguration.class,
                        CatgaNatsAutoConfiguration.class,
                        CatgaNatsReceiversAutoConfiguration.class,
                        CatgaRedisAutoConfiguration.class,
                        CatgaStoreAutoConfiguration.class,
                        CatgaDeadLettersAutoConfiguration.class))
                .withPropertyValues("spring.application.name=test-service", "catga.instance=test-1");
    }

    String scrape() {
        return registry.scrape();
    }

    /** The value of the one series of that name, with these further labels in the order of the page. */
    double value(String name, String... labels) {
        String further = labels.length == 0 ? "" : "," + String.join(",", labels);
        Matcher line = Pattern.compile(
                        "^%s\\{instance=\"test-1\",service=\"test-service\"%s} (\\S+)$"
                                .formatted(name, Pattern.quote(further)),
                        Pattern.MULTILINE)
                .matcher(scrape());
        assertThat(line.find()).as(name + " in\n" + scrape()).isTrue();
        return Double.parseDouble(line.group(1));
    }

    /** Waits until a series has a value that is as it should be. */
    void await(java.util.function.Consumer<AbstractDoubleAssert<?>> condition, String name, String... labels) {
        org.awaitility.Awaitility.await(name)
                .atMost(LONG)
                .untilAsserted(() -> condition.accept(assertThat(value(name, labels))));
    }
}
