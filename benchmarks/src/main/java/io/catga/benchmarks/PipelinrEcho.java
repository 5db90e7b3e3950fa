package io.catga.benchmarks;

import an.awesome.pipelinr.Command;
import java.util.List;
import java.util.stream.Stream;

/** The echo in PipelinR. */
final class PipelinrEcho implements Command.Handler<Echo, String> {

    private static final List<Command.Handler<?, ?>> HANDLERS = List.of(new PipelinrEcho(EchoService.create()));
    private static final List<Command.Middleware> MIDDLEWARES = List.of(new First(), new Second(), new Third());

    private final EchoService service;

    private PipelinrEcho(EchoService service) {
        this.service = service;
    }

    @SuppressWarnings("rawtypes") // PipelinR's own signature
    static Stream<Command.Handler> handlers() {
        return HANDLERS.stream().map(handler -> handler);
    }

    static Stream<Command.Middleware> middlewares() {
        return MIDDLEWARES.stream();
    }

    @Override
    public String handle(Echo command) {
        return service.echo(command);
    }

    // Not the same code, as in PassingBehavior.

    private static final class First implements Command.Middleware {
        @Override
        public <R, C extends Command<R>> R invoke(C command, Next<R> next) {
            return next.invoke();
        }
    }

    private static final class Second implements Command.Middleware {
        @Override
        public <R, C extends Command<R>> R invoke(C command, Next<R> next) {
            return next.invoke();
        }
    }

    private static final class Third implements Command.Middleware {
        @Override
        public <R, C extends Command<R>> R invoke(C command, Next<R> next) {
            return next.invoke();
        }
    }
}
