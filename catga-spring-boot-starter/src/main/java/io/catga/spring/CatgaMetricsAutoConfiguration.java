package io.catga.spring;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusNamingConvention;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.micrometer.metrics.autoconfigure.MeterRegistryCustomizer;
import org.springframework.context.annotation.Bean;

/** Names and tags of the metrics, as dashboards and alerts rely on them. */
@AutoConfiguration
@ConditionalOnClass({MeterRegistry.class, PrometheusMeterRegistry.class})
public class CatgaMetricsAutoConfiguration {

    /** {@code service} and {@code instance} on every meter, in words that a person knows. */
    @Bean
    MeterRegistryCustomizer<MeterRegistry> catgaCommonTags(CatgaInstance instance) {
        return registry -> registry.config().commonTags("service", instance.service(), "instance", instance.name());
    }

    /**
     * {@code catga_request_duration_bucket}, without the unit that Micrometer would put into the name. Only these, whose
     * names are older than this library's metrics; further timers say their unit.
     */
    @Bean
    MeterRegistryCustomizer<PrometheusMeterRegistry> catgaNames() {
        return registry -> registry.config().namingConvention(new PrometheusNamingConvention() {
            @Override
            public String name(String name, Meter.Type type, @Nullable String baseUnit) {
                return type == Meter.Type.TIMER && name.startsWith("catga.") && name.endsWith(".duration")
                        ? name.replace('.', '_')
                        : super.name(name, type, baseUnit);
            }
        });
    }
}
