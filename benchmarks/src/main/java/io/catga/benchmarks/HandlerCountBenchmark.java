package io.catga.benchmarks;

import io.catga.Command;
import io.catga.Mediator;
import io.catga.MediatorBuilder;
import io.catga.pipeline.Stage;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * Whether a message costs more where a mediator has many types of them, each with a handler of its own. No behaviours, so
 * that nothing hides what the number of types adds.
 */
@State(Scope.Benchmark)
public class HandlerCountBenchmark {

    @Param({"1", "10", "50", "100", "200"})
    private int handlers;

    private List<Command<Integer>> messages = List.of();
    private Mediator mediator = Mediator.builder().build();
    private int turn;

    @Setup
    public void build() {
        List<NumberedType> types = NumberedType.first(handlers);
        MediatorBuilder builder =
                Mediator.builder().catalog(NumberedType.catalogOf(types)).without(Stage.values());
        types.forEach(type -> builder.handler(type.handler()));
        mediator = builder.build();
        messages = types.stream().map(NumberedType::message).toList();
    }

    @Benchmark
    public Integer alwaysTheSameType() {
        return mediator.send(messages.getFirst()).orElseThrow();
    }

    @Benchmark
    public Integer eachTypeInTurn() {
        turn = turn + 1 < messages.size() ? turn + 1 : 0;
        return mediator.send(messages.get(turn)).orElseThrow();
    }
}
