package io.catga.benchmarks;

import io.catga.DefaultMediator;
import io.catga.Mediator;
import io.catga.MediatorBuilder;
import io.catga.MessageCatalog;
import io.catga.orders.CreateOrderCommand;
import io.catga.orders.Order;
import io.catga.pipeline.Stage;
import io.catga.transport.InMemoryNetwork;
import java.time.Clock;
import java.time.Duration;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** What it costs to send an order, as bytes, to another mediator in the same process, and to get the answer back. */
@State(Scope.Benchmark)
public class TransportBenchmark {

    private final CreateOrderCommand command = Orders.command();

    private static MediatorBuilder catga() {
        return Mediator.builder().catalog(MessageCatalog.of(CreateOrderCommand.class));
    }

    /** No behaviours on either side and no thread in between: what is left is envelope and codec. */
    @State(Scope.Benchmark)
    public static class Bytes {
        private final DefaultMediator receiver =
                catga().handler(new Orders.Handler()).without(Stage.values()).build();
        private final Mediator sender = catga().requestTransport((request, deadline) -> receiver.onRequest(request))
                .without(Stage.values())
                .build();
    }

    @Benchmark
    public Order onTheSameThread(Bytes catga) {
        return catga.sender.send(command).orElseThrow();
    }

    /** A thread for each request, as with a real network. */
    @State(Scope.Benchmark)
    public static class Network {
        private final InMemoryNetwork network = new InMemoryNetwork(Clock.systemUTC(), 1, Duration.ofSeconds(1));
        private final AutoCloseable membership;
        final Mediator sender;

        public Network() {
            this(catga().without(Stage.values()), catga().without(Stage.values()));
        }

        Network(MediatorBuilder sender, MediatorBuilder receiver) {
            this.membership = network.join(
                    "receiver", receiver.handler(new Orders.Handler()).build());
            this.sender = sender.requestTransport(network.requests()).build();
        }

        @TearDown
        public void leave() throws Exception {
            membership.close();
        }
    }

    @Benchmark
    public Order inMemoryNetwork(Network catga) {
        return catga.sender.send(command).orElseThrow();
    }

    /** The same with the pipelines that both sides have when nothing is said. */
    @State(Scope.Benchmark)
    public static class DefaultPipelines extends Network {
        public DefaultPipelines() {
            super(catga(), catga());
        }
    }

    @Benchmark
    public Order inMemoryNetworkWithDefaultPipelines(DefaultPipelines catga) {
        return catga.sender.send(command).orElseThrow();
    }
}
