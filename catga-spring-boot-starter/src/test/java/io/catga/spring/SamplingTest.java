package io.catga.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.catga.Command;
import io.catga.CommandHandler;
import io.catga.ErrorCode;
import io.catga.MessageCatalog;
import io.catga.MessageType;
import io.catga.Result;
import io.catga.codec.JacksonCodec;
import io.catga.transport.InboundMessages;
import io.catga.transport.WireMessage;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.micrometer.tracing.autoconfigure.MicrometerTracingAutoConfiguration;
import org.springframework.boot.micrometer.tracing.opentelemetry.autoconfigure.OpenTelemetryTracingAutoConfiguration;
import org.springframework.boot.opentelemetry.autoconfigure.OpenTelemetrySdkAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** How much is traced is Spring Boot's property, and the messages of Catga keep to it. */
class SamplingTest {

    private static final String SAMPLED = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    private static final String NOT_SAMPLED = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00";

    @MessageType("sampling.ping")
    record Ping(String text) implements Command<String> {}

    @Configuration(proxyBeanMethods = false)
    static class Application {
        @Bean
        MessageCatalog messages() {
            return MessageCatalog.of(Ping.class);
        }

        @Bean
        CommandHandler<Ping, String> handler() {
            return new PingHandler();
        }

        @Bean
        InMemorySpanExporter exporter() {
            return InMemorySpanExporter.create();
        }
    }

    static final class PingHandler implements CommandHandler<Ping, String> {
        @Override
        public Result<String> handle(Ping command, io.catga.MessageContext context) {
            return command.text().isEmpty()
                    ? Result.failure(ErrorCode.VALIDATION, "nothing to answer")
                    : Result.success(command.text());
        }
    }

    /** The names of the spans that were exported after a request with these headers had been handled. */
    private static List<String> exported(String probability, Map<String, String> headers) {
        List<String> names = new java.util.ArrayList<>();
        new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(
                        OpenTelemetrySdkAutoConfiguration.class,
                        OpenTelemetryTracingAutoConfiguration.class,
                        MicrometerTracingAutoConfiguration.class,
                        CatgaAutoConfiguration.class))
                .withUserConfiguration(Application.class)
                .withPropertyValues("management.tracing.sampling.probability=" + probability)
                .run(context -> {
                    assertThat(context).hasNotFailed();
                    context.getBean(InboundMessages.class)
                            .onRequest(new WireMessage(
                                    "sampling.ping", "id-1", headers, new JacksonCodec().encode(new Ping("x"))));
                    context.getBean(SdkTracerProvider.class).forceFlush().join(10, TimeUnit.SECONDS);
                    context.getBean(InMemorySpanExporter.class).getFinishedSpanItems().stream()
                            .map(SpanData::getName)
                            .forEach(names::add);
                });
        return names;
    }

    @Test
    void allOfItIsEveryMessage() {
        assertThat(exported("1.0", Map.of())).containsExactly("process Ping");
    }

    @Test
    void nothingOfItExportsNothing() {
        assertThat(exported("0.0", Map.of())).isEmpty();
    }

    @Test
    void whatTheSenderHasSampledIsExportedWhateverTheProbability() {
        assertThat(exported("0.0", Map.of("traceparent", SAMPLED))).containsExactly("process Ping");
    }

    @Test
    void whatTheSenderHasNotSampledIsNotExportedWhateverTheProbability() {
        assertThat(exported("1.0", Map.of("traceparent", NOT_SAMPLED))).isEmpty();
    }
}
