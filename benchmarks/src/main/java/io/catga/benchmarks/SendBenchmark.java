package io.catga.benchmarks;

import an.awesome.pipelinr.Pipeline;
import io.catga.Mediator;
import io.catga.MediatorBuilder;
import io.catga.pipeline.Stage;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.Objects;
import org.axonframework.messaging.commandhandling.CommandBus;
import org.axonframework.messaging.commandhandling.GenericCommandMessage;
import org.axonframework.messaging.commandhandling.gateway.CommandGateway;
import org.axonframework.messaging.core.MessageType;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** What it costs to have a command carried out in this process, from nothing in between to everything. */
@State(Scope.Benchmark)
public class SendBenchmark {

    private final Echo echo = new Echo("hello");

    private static MediatorBuilder catga() {
        return Mediator.builder().catalog(Echo.CATALOG).handler(new EchoHandler(EchoService.create()));
    }

    /** What there is without any library. */
    @State(Scope.Benchmark)
    public static class Direct {
        final EchoService service = EchoService.create();
    }

    @Benchmark
    public String directCall(Direct direct) {
        return direct.service.echo(echo);
    }

    /** No behaviours: the look-up, the message's metadata, the handler. */
    @State(Scope.Benchmark)
    public static class Bare {
        final Mediator mediator = catga().without(Stage.values()).build();
    }

    @Benchmark
    public String catgaWithoutBehaviors(Bare catga) {
        return catga.mediator.send(echo).orElseThrow();
    }

    /** Three behaviours that do nothing. */
    @State(Scope.Benchmark)
    public static class ThreeBehaviors {
        final Mediator mediator = build();

        private static Mediator build() {
            MediatorBuilder builder = catga().without(Stage.values());
            PassingBehavior.three().forEach(builder::behavior);
            return builder.build();
        }
    }

    @Benchmark
    public String catgaWithThreeBehaviors(ThreeBehaviors catga) {
        return catga.mediator.send(echo).orElseThrow();
    }

    /** What a mediator has when nothing is said: logging (off), deadline, concurrency limit, circuit breaker, retry. */
    @State(Scope.Benchmark)
    public static class DefaultPipeline {
        final Mediator mediator = catga().build();
    }

    @Benchmark
    public String catgaWithDefaultPipeline(DefaultPipeline catga) {
        return catga.mediator.send(echo).orElseThrow();
    }

    /** The same with its line a message formatted and encoded, and then dropped instead of written. */
    @State(Scope.Benchmark)
    public static class LogLines {
        final Mediator mediator = catga().build();
        private final DroppedLog log = new DroppedLog("io.catga.messages");

        @TearDown
        public void close() {
            log.close();
        }
    }

    @Benchmark
    public String catgaWithDefaultPipelineAndLogLines(LogLines catga) {
        return catga.mediator.send(echo).orElseThrow();
    }

    /** The default pipeline and Prometheus meters. */
    @State(Scope.Benchmark)
    public static class Metrics {
        final Mediator mediator = catga().metrics(new PrometheusMeterRegistry(PrometheusConfig.DEFAULT))
                .build();
    }

    @Benchmark
    public String catgaWithDefaultPipelineAndMetrics(Metrics catga) {
        return catga.mediator.send(echo).orElseThrow();
    }

    /** The default pipeline, Prometheus meters, and an OpenTelemetry span for each message. */
    @State(Scope.Benchmark)
    public static class Tracing {
        private final OpenTelemetryTracing tracing = new OpenTelemetryTracing();
        final Mediator mediator = catga().metrics(new PrometheusMeterRegistry(PrometheusConfig.DEFAULT))
                .tracing(tracing.tracer(), tracing.propagator())
                .build();

        @TearDown
        public void close() {
            tracing.close();
        }
    }

    @Benchmark
    public String catgaWithDefaultPipelineAndMetricsAndTracing(Tracing catga) {
        return catga.mediator.send(echo).orElseThrow();
    }

    /** PipelinR, as its README wires it: each handler tells by its type argument whether a command is for it. */
    @State(Scope.Benchmark)
    public static class Pipelinr {
        final Pipeline pipeline = new an.awesome.pipelinr.Pipelinr().with(PipelinrEcho::handlers);
    }

    @Benchmark
    public String pipelinrWithoutMiddlewares(Pipelinr pipelinr) {
        return pipelinr.pipeline.send(echo);
    }

    /** Three middlewares that do nothing. */
    @State(Scope.Benchmark)
    public static class PipelinrMiddlewares {
        final Pipeline pipeline =
                new an.awesome.pipelinr.Pipelinr().with(PipelinrEcho::handlers).with(PipelinrEcho::middlewares);
    }

    @Benchmark
    public String pipelinrWithThreeMiddlewares(PipelinrMiddlewares pipelinr) {
        return pipelinr.pipeline.send(echo);
    }

    /** Axon's bus within one process, and its gateway as configured by default; no interceptors. */
    @State(Scope.Benchmark)
    public static class Axon {
        final MessageType type = new MessageType(Echo.class);
        final CommandBus bus = AxonEcho.bus();
        final CommandGateway gateway = AxonEcho.gateway(bus);
    }

    @Benchmark
    public Object axonCommandBus(Axon axon) {
        return Objects.requireNonNull(axon.bus
                .dispatch(new GenericCommandMessage(axon.type, echo), null)
                .join()
                .payload());
    }

    @Benchmark
    public String axonCommandGateway(Axon axon) {
        return Objects.requireNonNull(axon.gateway.sendAndWait(echo, String.class));
    }
}
