package io.catga.benchmarks;

import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.otel.bridge.OtelCurrentTraceContext;
import io.micrometer.tracing.otel.bridge.OtelPropagator;
import io.micrometer.tracing.otel.bridge.OtelTracer;
import io.micrometer.tracing.propagation.Propagator;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.propagation.ContextPropagators;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.util.Collection;

/** Tracing as an application has it, every span sampled and handed on in batches, but sent nowhere. */
final class OpenTelemetryTracing implements AutoCloseable {

    private final SdkTracerProvider provider = SdkTracerProvider.builder()
            .setSampler(Sampler.alwaysOn())
            .addSpanProcessor(BatchSpanProcessor.builder(new Nowhere()).build())
            .build();
    private final io.opentelemetry.api.trace.Tracer tracer = provider.get("benchmarks");

    Tracer tracer() {
        return new OtelTracer(tracer, new OtelCurrentTraceContext(), any -> {});
    }

    Propagator propagator() {
        return new OtelPropagator(ContextPropagators.create(W3CTraceContextPropagator.getInstance()), tracer);
    }

    @Override
    public void close() {
        provider.close();
    }

    private static final class Nowhere implements SpanExporter {

        @Override
        public CompletableResultCode export(Collection<SpanData> spans) {
            return CompletableResultCode.ofSuccess();
        }

        @Override
        public CompletableResultCode flush() {
            return CompletableResultCode.ofSuccess();
        }

        @Override
        public CompletableResultCode shutdown() {
            return CompletableResultCode.ofSuccess();
        }
    }
}
