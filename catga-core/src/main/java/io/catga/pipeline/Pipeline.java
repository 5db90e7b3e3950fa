package io.catga.pipeline;

import io.catga.MessageDescriptor;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/** Puts the steps of one type of message in front of what ends its pipeline. */
public final class Pipeline {

    private Pipeline() {}

    /** Composes the chain once; calling it looks nothing up and allocates nothing of its own. */
    public static Step.Next compose(
            MessageDescriptor type, boolean remote, Collection<Behavior> behaviors, Step.Next end) {
        List<Step> steps = behaviors.stream()
                .sorted(Comparator.comparing(Behavior::stage).reversed())
                .flatMap(behavior -> behavior.stepFor(type, remote).stream())
                .toList();
        Step.Next chain = end;
        for (Step step : steps) {
            Step.Next next = chain;
            chain = context -> step.handle(context, next);
        }
        return chain;
    }
}
