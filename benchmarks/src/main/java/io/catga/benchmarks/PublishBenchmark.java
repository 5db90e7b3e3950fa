package io.catga.benchmarks;

import io.catga.Event;
import io.catga.EventHandler;
import io.catga.Mediator;
import io.catga.MediatorBuilder;
import io.catga.MessageCatalog;
import io.catga.MessageContext;
import io.catga.MessageType;
import io.catga.Result;
import io.catga.Unit;
import io.catga.pipeline.Stage;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.event.EventListener;

/** What it costs to tell one listener in this process of an event. */
@State(Scope.Benchmark)
public class PublishBenchmark {

    /** The event of the comparison. */
    @MessageType("benchmarks.noted")
    public record Noted(String text) implements Event {}

    private static final class NotedHandler implements EventHandler<Noted> {

        private String last = "";

        @Override
        public Result<Unit> handle(Noted event, MessageContext context) {
            last = event.text();
            return Result.done();
        }
    }

    private final Noted noted = new Noted("hello");

    /** No behaviours. */
    @State(Scope.Benchmark)
    public static class Bare {
        private final NotedHandler handler = new NotedHandler();
        private final Mediator mediator = catga(handler).without(Stage.values()).build();
    }

    private static MediatorBuilder catga(NotedHandler handler) {
        return Mediator.builder().catalog(MessageCatalog.of(Noted.class)).handler(handler);
    }

    @Benchmark
    public String catgaWithoutBehaviors(Bare catga) {
        catga.mediator.publish(noted).orElseThrow();
        return catga.handler.last;
    }

    /** What a mediator has when nothing is said. */
    @State(Scope.Benchmark)
    public static class DefaultPipeline {
        private final NotedHandler handler = new NotedHandler();
        private final Mediator mediator = catga(handler).build();
    }

    @Benchmark
    public String catgaWithDefaultPipeline(DefaultPipeline catga) {
        catga.mediator.publish(noted).orElseThrow();
        return catga.handler.last;
    }

    /** An application context with one listener. */
    @State(Scope.Benchmark)
    public static class Spring {
        private final AnnotationConfigApplicationContext context =
                new AnnotationConfigApplicationContext(Listener.class);
        private final Listener listener = context.getBean(Listener.class);

        @TearDown
        public void close() {
            context.close();
        }
    }

    /** A listener as Spring's documentation has it. */
    static class Listener {

        private String last = "";

        @EventListener
        void on(Noted event) {
            last = event.text();
        }
    }

    @Benchmark
    public String springApplicationEvent(Spring spring) {
        spring.context.publishEvent(noted);
        return spring.listener.last;
    }
}
