package io.catga.benchmarks;

import java.util.List;
import java.util.Objects;
import org.axonframework.messaging.commandhandling.CommandBus;
import org.axonframework.messaging.commandhandling.CommandPriorityCalculator;
import org.axonframework.messaging.commandhandling.GenericCommandResultMessage;
import org.axonframework.messaging.commandhandling.SimpleCommandBus;
import org.axonframework.messaging.commandhandling.annotation.AnnotationRoutingStrategy;
import org.axonframework.messaging.commandhandling.gateway.CommandGateway;
import org.axonframework.messaging.commandhandling.gateway.DefaultCommandGateway;
import org.axonframework.messaging.core.EmptyApplicationContext;
import org.axonframework.messaging.core.MessageStream;
import org.axonframework.messaging.core.MessageType;
import org.axonframework.messaging.core.QualifiedName;
import org.axonframework.messaging.core.annotation.AnnotationMessageTypeResolver;
import org.axonframework.messaging.core.unitofwork.SimpleUnitOfWorkFactory;

/**
 * The echo in Axon, put together by hand of what its configuration has by default: starting the configuration would also
 * start its search for updates.
 */
final class AxonEcho {

    private AxonEcho() {}

    static CommandBus bus() {
        EchoService service = EchoService.create();
        MessageType answer = new MessageType(String.class);
        return new SimpleCommandBus(new SimpleUnitOfWorkFactory(EmptyApplicationContext.INSTANCE), List.of())
                .subscribe(
                        new QualifiedName(Echo.class),
                        (command, context) -> MessageStream.just(new GenericCommandResultMessage(
                                answer, service.echo(Objects.requireNonNull(command.payloadAs(Echo.class))))));
    }

    static CommandGateway gateway(CommandBus bus) {
        return new DefaultCommandGateway(
                bus,
                new AnnotationMessageTypeResolver(),
                CommandPriorityCalculator.defaultCalculator(),
                new AnnotationRoutingStrategy());
    }
}
