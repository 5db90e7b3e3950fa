package io.catga.benchmarks;

import io.catga.codec.JacksonCodec;
import io.catga.codec.MessageCodec;
import io.catga.orders.CreateOrderCommand;
import io.catga.orders.Order;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** What it costs to turn the messages of the order system into JSON and back. */
@State(Scope.Benchmark)
public class CodecBenchmark {

    private final MessageCodec codec = new JacksonCodec();
    private final CreateOrderCommand command = Orders.command();
    private final Order order = Orders.order();
    private final byte[] commandBytes = codec.encode(command);
    private final byte[] orderBytes = codec.encode(order);

    @Benchmark
    public byte[] encodeCommand() {
        return codec.encode(command);
    }

    @Benchmark
    public CreateOrderCommand decodeCommand() {
        return codec.decode(commandBytes, CreateOrderCommand.class);
    }

    @Benchmark
    public byte[] encodeAnswer() {
        return codec.encode(order);
    }

    @Benchmark
    public Order decodeAnswer() {
        return codec.decode(orderBytes, Order.class);
    }
}
