package io.catga.benchmarks;

import io.catga.CommandHandler;
import io.catga.MessageContext;
import io.catga.Result;

final class EchoHandler implements CommandHandler<Echo, String> {

    private final EchoService service;

    EchoHandler(EchoService service) {
        this.service = service;
    }

    @Override
    public Result<String> handle(Echo command, MessageContext context) {
        return Result.success(service.echo(command));
    }
}
